package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.metrics.Refused;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A place for one stream, or the reason why there is none.
 *
 * <p>Threads: safe. It is given back once, even if it is released several times.
 */
final class Place {
    /** A field and not an object, of which there would be one for each of thousands of clients. */
    private static final AtomicIntegerFieldUpdater<Place> RELEASED =
            AtomicIntegerFieldUpdater.newUpdater(Place.class, "released");

    private final Places places;
    private final String address;
    private final String network;
    private final String user;
    private final Refused refused;

    /** Read and written with the updater alone. */
    @SuppressWarnings("UnusedVariable")
    private volatile int released;

    private Place(Places places, String address, String network, String user, Refused refused) {
        this.places = places;
        this.address = address;
        this.network = network;
        this.user = user;
        this.refused = refused;
    }

    /** One that has been taken. */
    static Place taken(Places places, String address, String network, String user) {
        return new Place(places, address, network, user, null);
    }

    /** None. */
    static Place refused(Refused why) {
        return new Place(null, null, null, null, why);
    }

    /** Why there is no place, or {@code null} if there is one. */
    Refused refused() {
        return refused;
    }

    String address() {
        return address;
    }

    /** What counts as one client: see {@link RemoteAddress#networkOf}. */
    String network() {
        return network;
    }

    /** The name of the user, or {@code null} where nobody has logged in. */
    String user() {
        return user;
    }

    void release() {
        if (places != null && RELEASED.compareAndSet(this, 0, 1)) {
            places.free(network, user);
        }
    }
}
