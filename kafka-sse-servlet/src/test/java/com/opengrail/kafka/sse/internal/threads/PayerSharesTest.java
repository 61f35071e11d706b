package com.opengrail.kafka.sse.internal.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PayerSharesTest {
    private final PayerShares shares = new PayerShares(28_000);

    @Test
    void shouldLeaveAQuarterToTheOthersWhenOneTakesAllItCan() {
        assertEquals(21_000, takeAll("one"));
        assertEquals(5_250, takeAll("other"), "three quarters of what is left");
    }

    @Test
    void shouldDivideEquallyAmongThoseThatTakeTurns() {
        int one = 0;
        int other = 0;
        for (int i = 0; i < 28_000; i++) {
            one += shares.take("one", 1) ? 1 : 0;
            other += shares.take("other", 1) ? 1 : 0;
        }
        assertEquals(12_000, one, 1);
        assertEquals(12_000, other, 1);
        assertTrue(shares.take("a third", 3_000));
    }

    @Test
    void shouldNeverExceedTheBoundHoweverManyTake() {
        int all = 0;
        for (int i = 0; i < 1000; i++) {
            all += takeAll("address " + i);
        }
        assertTrue(all > 27_000 && all <= 28_000, all + " bytes");
    }

    @Test
    void shouldTakeNoRoomForWhatWasRefused() {
        assertFalse(shares.take("one", 21_001));
        assertTrue(shares.take("one", 21_000));
    }

    @Test
    void shouldHaveRoomForWhatWasReleased() {
        assertTrue(shares.take("one", 11_000));
        assertTrue(shares.take("one", 10_000));
        assertFalse(shares.take("one", 1));
        shares.release("one", 10_000);
        assertFalse(shares.take("one", 10_001));
        assertTrue(shares.take("one", 10_000));
        shares.release("one", 11_000);
        shares.release("one", 10_000);
        assertEquals(21_000, takeAll("other"), "the first has nothing left");
    }

    @Test
    void shouldTellWhenNobodyMayHaveMore() {
        assertTrue(shares.hasRoomFor(21_000));
        assertFalse(shares.hasRoomFor(21_001));
        for (int i = 0; i < 1000; i++) {
            takeAll("address " + i);
        }
        assertFalse(shares.hasRoomFor(1));
        assertFalse(shares.take("another", 1));
    }

    private int takeAll(String payer) {
        int taken = 0;
        while (shares.take(payer, 1)) {
            taken++;
        }
        return taken;
    }
}
