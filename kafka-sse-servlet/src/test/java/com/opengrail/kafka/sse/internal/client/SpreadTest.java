package com.opengrail.kafka.sse.internal.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SpreadTest {
    private static final int TIMES = 10_000;

    private static TreeSet<Long> spread(long value) {
        TreeSet<Long> all = new TreeSet<>();
        for (int i = 0; i < TIMES; i++) {
            all.add(Clients.spread(value));
        }
        return all;
    }

    /** A thousand browsers that come back are not to come in a hundred groups. */
    @Test
    void shouldSpreadEvenlyBetweenHalfAndOneAndAHalf() {
        TreeSet<Long> all = spread(3_600_000);
        assertTrue(all.size() > TIMES * 9 / 10, () -> all.size() + " values");
        assertTrue(all.first() >= 1_800_000 && all.first() < 1_850_000, all.first()::toString);
        assertTrue(all.last() <= 5_400_000 && all.last() > 5_350_000, all.last()::toString);
        int below = all.headSet(3_600_000L).size();
        assertTrue(below > all.size() * 2 / 5 && below < all.size() * 3 / 5, () -> below + " of " + all.size());
    }

    @Test
    void shouldKeepSmallValuesAboveZero() {
        assertEquals(new TreeSet<>(List.of(1L)), spread(1));
        assertEquals(new TreeSet<>(List.of(1L, 2L, 3L)), spread(2));
        assertEquals(new TreeSet<>(List.of(0L)), spread(0));
    }
}
