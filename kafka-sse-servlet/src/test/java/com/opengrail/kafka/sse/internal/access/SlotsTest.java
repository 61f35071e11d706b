package com.opengrail.kafka.sse.internal.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.metrics.RefusalReason;
import com.opengrail.kafka.sse.testing.Race;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotsTest {

    @Test
    void shouldGiveAsManyPlacesAsThereAre() {
        Slots slots = new Slots(new ConnectionLimits(2, 0, 0));
        Slot first = slots.take("a", null);
        assertNull(first.refused());
        assertNull(slots.take("a", "ann").refused());
        assertEquals(RefusalReason.MAX_CONNECTIONS, slots.take("b", null).refused());
        first.release();
        assertNull(slots.take("b", null).refused());
    }

    @Test
    void shouldTellWhetherThereIsAPlaceAndTakeNone() {
        Slots slots = new Slots(new ConnectionLimits(3, 2, 1));
        assertTrue(slots.isFree("a", "ann"));
        Slot ofAnn = slots.take("a", "ann");
        assertFalse(slots.isFree("b", "ann"), "one of this user");
        assertTrue(slots.isFree("a", "bob"));
        assertTrue(slots.isFree("a", null));
        slots.take("a", null);
        assertFalse(slots.isFree("a", null), "two of this address");
        assertTrue(slots.isFree(null, null));
        slots.take("b", null);
        assertFalse(slots.isFree("c", null), "three in all");
        ofAnn.release();
        assertTrue(slots.isFree("a", "ann"));
        assertTrue(new Slots(new ConnectionLimits(0, 0, 0)).isFree("a", "ann"));
    }

    @Test
    void shouldTakeAPlaceBackOnce() {
        Slots slots = new Slots(new ConnectionLimits(2, 2, 2));
        Slot first = slots.take("a", "ann");
        Slot second = slots.take("a", "ann");
        first.release();
        first.release();
        slots.take("a", "ann").refused();
        assertEquals(RefusalReason.MAX_CONNECTIONS, slots.take("a", "ann").refused());
        second.release();
        assertNull(slots.take("a", "ann").refused());
    }

    @Test
    void shouldCountEachAddressAndEachUser() {
        Slots slots = new Slots(new ConnectionLimits(0, 2, 1));
        assertNull(slots.take("a", null).refused());
        assertNull(slots.take("a", null).refused());
        assertEquals(
                RefusalReason.MAX_CONNECTIONS_PER_ADDRESS, slots.take("a", null).refused());
        Slot ofAnn = slots.take("b", "ann");
        assertEquals(
                RefusalReason.MAX_CONNECTIONS_PER_USER, slots.take("b", "ann").refused());
        assertNull(slots.take("b", "bob").refused(), "what was refused to one user is free for another");
        ofAnn.release();
        assertNull(slots.take("c", "ann").refused());
    }

    @Test
    void shouldCountRightWhereManyComeAndGo() throws Exception {
        Slots slots = new Slots(new ConnectionLimits(1, 1, 1));
        for (int i = 0; i < 1_000; i++) {
            Slot slot = slots.take("a", "ann");
            assertNull(slot.refused());
            Race.run(slot::release, slot::release);
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
                new Slots(new ConnectionLimits(0, 0, 0)).take(address, null).payer());
    }

    /** Behind a proxy, users may have the same address, or one user many. */
    @Test
    void shouldLetUsersPayForThemselves() {
        Slots slots = new Slots(new ConnectionLimits(0, 0, 0));
        assertEquals(slots.take("a", "ann").payer(), slots.take("b", "ann").payer());
        assertNotEquals(slots.take("a", "ann").payer(), slots.take("a", "bob").payer());
        assertNotEquals(slots.take("a", "ann").payer(), slots.take("ann", null).payer(), "an address is no user");
    }
}
