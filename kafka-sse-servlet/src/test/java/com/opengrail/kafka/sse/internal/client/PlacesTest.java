package com.opengrail.kafka.sse.internal.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.opengrail.kafka.sse.internal.metrics.Refused;
import com.opengrail.kafka.sse.testing.Race;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacesTest {

    @Test
    void shouldGiveAsManyPlacesAsThereAre() {
        Places places = new Places(new ConnectionLimits(2, 0, 0));
        Place first = places.take("a", null);
        assertNull(first.refused());
        assertNull(places.take("a", "ann").refused());
        assertEquals(Refused.MAX_CONNECTIONS, places.take("b", null).refused());
        first.release();
        assertNull(places.take("b", null).refused());
    }

    @Test
    void shouldTakeAPlaceBackOnce() {
        Places places = new Places(new ConnectionLimits(2, 2, 2));
        Place first = places.take("a", "ann");
        Place second = places.take("a", "ann");
        first.release();
        first.release();
        places.take("a", "ann").refused();
        assertEquals(Refused.MAX_CONNECTIONS, places.take("a", "ann").refused());
        second.release();
        assertNull(places.take("a", "ann").refused());
    }

    @Test
    void shouldCountEachAddressAndEachUser() {
        Places places = new Places(new ConnectionLimits(0, 2, 1));
        assertNull(places.take("a", null).refused());
        assertNull(places.take("a", null).refused());
        assertEquals(Refused.MAX_CONNECTIONS_PER_ADDRESS, places.take("a", null).refused());
        Place ofAnn = places.take("b", "ann");
        assertEquals(Refused.MAX_CONNECTIONS_PER_USER, places.take("b", "ann").refused());
        assertNull(places.take("b", "bob").refused(), "what was refused to one user is free for another");
        ofAnn.release();
        assertNull(places.take("c", "ann").refused());
    }

    @Test
    void shouldCountRightWhereManyComeAndGo() throws Exception {
        Places places = new Places(new ConnectionLimits(1, 1, 1));
        for (int i = 0; i < 1_000; i++) {
            Place place = places.take("a", "ann");
            assertNull(place.refused());
            Race.run(place::release, place::release);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8:1:2:3:4:5:6, 20010db800010002/64",
        "[2001:db8:1:2::9], 20010db800010002/64",
        "2001:db8:1:3::9, 20010db800010003/64",
        "fe80::1%eth0, fe80000000000000/64",
        "0:0:0:0:0:0:0:1, 0000000000000000/64",
        "::ffff:10.0.0.1, 10.0.0.1",
        "10.0.0.1, 10.0.0.1",
        "10.0.0.1:5678, 10.0.0.1",
        "[2001:db8:1:2::9]:443, 20010db800010002/64",
        "[fe80::1%eth0]:443, fe80000000000000/64",
        "[::ffff:10.0.0.1]:443, 10.0.0.1",
        "2001:db8:1:2::443, 20010db800010002/64",
        "10.0.0.1:567890, 10.0.0.1:567890",
        "1:2, 1:2",
        "client.example, client.example",
        "1:2:3, 1:2:3"
    })
    void shouldCountTheAddressesOfASubscriberAsOne(String address, String network) {
        assertEquals(network, RemoteAddress.networkOf(address));
        assertEquals(
                network,
                new Places(new ConnectionLimits(0, 0, 0)).take(address, null).network());
    }
}
