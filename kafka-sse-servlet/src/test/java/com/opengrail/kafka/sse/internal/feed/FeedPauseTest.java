package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A feed that fails again and again asks less and less often, and ends at once all the same. */
class FeedPauseTest {
    /** Less than the longest pause, which is not to be waited for. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final long LONGER_THAN_ANY = TimeUnit.HOURS.toNanos(1);

    private long now = -7;

    private volatile boolean frozen;

    /** By how much the time has moved whenever it is asked for; without any it goes on fast. */
    private final List<Long> steps = new ArrayList<>();

    private final FeedPause pause = new FeedPause(this::nanoTime);

    private final Thread waiting = new Thread(() -> pause.await(FeedPause.LONGEST_MILLIS));

    private long nanoTime() {
        now += frozen ? 0 : steps.isEmpty() ? LONGER_THAN_ANY : steps.remove(0);
        return now;
    }

    /** From now on a pause takes long, and has no end of its own. */
    private void freeze() {
        for (int i = 0; i < 4; i++) {
            pause.await(FeedPause.LONGEST_MILLIS);
        }
        assertEquals(FeedPause.LONGEST_MILLIS, pause.next());
        frozen = true;
    }

    @AfterEach
    void stop() throws InterruptedException {
        pause.end();
        waiting.join(LIMIT.toMillis());
        assertFalse(waiting.isAlive());
    }

    @Test
    void shouldGrowUpToALimit() {
        List<Long> lengths = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            lengths.add(pause.next());
            pause.await(FeedPause.LONGEST_MILLIS);
        }
        assertEquals(List.of(500L, 1_500L, 4_500L, 13_500L, 15_000L, 15_000L), lengths);
    }

    @Test
    void shouldStartAnewWhenTheBrokersHaveAnswered() {
        pause.await(FeedPause.LONGEST_MILLIS);
        pause.await(FeedPause.LONGEST_MILLIS);
        pause.reset();
        assertEquals(500, pause.next());
    }

    @Test
    void shouldGrowFromTheLengthThatAPauseHad() {
        for (int i = 0; i < 4; i++) {
            pause.await(FeedPause.LONGEST_MILLIS);
        }
        pause.await(2_000);
        assertEquals(6_000, pause.next());
    }

    @Test
    void shouldTakeUntilItsTimeHasCome() {
        assertTakes(500, FeedPause.LONGEST_MILLIS);
        assertTakes(1_500, FeedPause.LONGEST_MILLIS);
    }

    @Test
    void shouldTakeNoLongerThanItMay() {
        pause.await(FeedPause.LONGEST_MILLIS);
        pause.await(FeedPause.LONGEST_MILLIS);
        assertTakes(2_000, 2_000);
    }

    /** It waits again just before the end, and not at the end. */
    private void assertTakes(long millis, long mostMillis) {
        steps.addAll(List.of(0L, TimeUnit.MILLISECONDS.toNanos(millis) - 2, 1L, 1L, LONGER_THAN_ANY));
        pause.await(mostMillis);
        assertEquals(List.of(LONGER_THAN_ANY), steps);
        steps.clear();
    }

    @Test
    void shouldBeOverAtOnceWhenTheFeedEnds() {
        freeze();
        waiting.start();
        Await.until("the pause", LIMIT, () -> waiting.getState() == Thread.State.TIMED_WAITING, waiting::getState);
        // The end of the test ends the pause and waits for the thread.
    }

    @Test
    void shouldNotBeginWhenTheFeedHasEnded() {
        freeze();
        pause.end();
        waiting.start();
    }

    @Test
    void shouldBeOverWhenTheThreadIsInterrupted() {
        freeze();
        Thread.currentThread().interrupt();
        pause.await(FeedPause.LONGEST_MILLIS);
        assertTrue(Thread.interrupted(), "told to whoever waited");
        frozen = false;
        assertTakes(FeedPause.LONGEST_MILLIS, FeedPause.LONGEST_MILLIS);
    }
}
