package com.opengrail.kafka.sse.internal.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Race;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentMatchesTest {
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int ADDED = 2_000_000;
    private static final int LONGEST_WAY_BACK = 60;

    private final RecentMatches matches = new RecentMatches();

    @Test
    void shouldKnowOfNoneWhereThereHasBeenNone() {
        assertEquals(RecentMatches.NONE, matches.firstFrom(0));
    }

    @Test
    void shouldGiveTheFirstMatchFromASequenceOn() {
        matches.add(10);
        matches.add(11);
        matches.add(20);
        assertEquals(10, matches.firstFrom(0));
        assertEquals(10, matches.firstFrom(10));
        assertEquals(11, matches.firstFrom(11));
        assertEquals(20, matches.firstFrom(12));
        assertEquals(RecentMatches.NONE, matches.firstFrom(21));
    }

    @Test
    void shouldSayThatItHasForgottenWhatIsTooLongAgo() {
        for (int i = 0; i < 100; i++) {
            matches.add(i * 10);
        }
        assertEquals(RecentMatches.FORGOTTEN, matches.firstFrom(0));
        assertEquals(RecentMatches.FORGOTTEN, matches.firstFrom(500));
        assertEquals(980, matches.firstFrom(971));
        assertEquals(RecentMatches.NONE, matches.firstFrom(991));
    }

    @Test
    void shouldNeverGiveAnotherThanTheFirstMatchWhileMatchesAreAdded() throws Exception {
        AtomicLong newest = new AtomicLong(-1);
        AtomicLong known = new AtomicLong();
        AtomicBoolean done = new AtomicBoolean();
        long end = System.nanoTime() + MOST_NANOS;
        Race.run(
                () -> {
                    // The other may have had no processor for so long.
                    for (long i = 0; i < ADDED || known.get() == 0 && System.nanoTime() - end < 0; i++) {
                        matches.add(3 * i);
                        newest.set(3 * i);
                    }
                    done.set(true);
                },
                () -> {
                    Random random = new Random(2026);
                    while (!done.get()) {
                        long before = newest.get();
                        long from = Math.max(0, before - random.nextInt(LONGEST_WAY_BACK));
                        long first = matches.firstFrom(from);
                        if (first == RecentMatches.NONE) {
                            assertTrue(before < from, "none from " + from + " on after " + before);
                        } else if (first != RecentMatches.FORGOTTEN) {
                            known.incrementAndGet();
                            assertEquals((from + 2) / 3 * 3, first, "from " + from + " on after " + before);
                        }
                    }
                });
        long last = newest.get();
        assertEquals(last, matches.firstFrom(last));
        assertTrue(known.get() > 0, "none was known");
    }
}
