package com.opengrail.kafka.sse.internal.access;

import com.opengrail.kafka.sse.internal.metrics.RefusalReason;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A slot for one stream, or the reason why there is none.
 *
 * <p>Threads: safe. It is given back once, even if it is released several times.
 */
public final class Slot {
    /** A field and not an object, of which there would be one for each of thousands of clients. */
    private static final AtomicIntegerFieldUpdater<Slot> RELEASED =
            AtomicIntegerFieldUpdater.newUpdater(Slot.class, "released");

    private final Slots slots;
    private final String address;
    private final String network;
    private final String user;
    private final String payer;
    private final RefusalReason refused;

    /** Read and written with the updater alone. */
    @SuppressWarnings("UnusedVariable")
    private volatile int released;

    private Slot(Slots slots, String address, String network, String user, RefusalReason refused) {
        this.slots = slots;
        this.address = address;
        this.network = network;
        this.user = user;
        this.payer = user == null ? network : "user " + user;
        this.refused = refused;
    }

    static Slot taken(Slots slots, String address, String network, String user) {
        return new Slot(slots, address, network, user, null);
    }

    static Slot refused(RefusalReason why) {
        return new Slot(null, null, null, null, why);
    }

    /** Why there is no slot, or {@code null} if there is one. */
    public RefusalReason refused() {
        return refused;
    }

    public String address() {
        return address;
    }

    /** Who takes turns with others: the user or, where nobody has logged in, the network of the address. */
    public String payer() {
        return payer;
    }

    /** The name of the user, or {@code null} where nobody has logged in. */
    public String user() {
        return user;
    }

    public void release() {
        if (slots != null && RELEASED.compareAndSet(this, 0, 1)) {
            slots.free(network, user);
        }
    }
}
