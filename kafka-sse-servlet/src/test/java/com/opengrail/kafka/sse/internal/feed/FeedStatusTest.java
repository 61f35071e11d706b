package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.metrics.Counters;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FeedStatusTest {
    private static final long SILENT = TimeUnit.SECONDS.toNanos(10);
    private static final long LATE = TimeUnit.SECONDS.toNanos(8);
    private static final long RECENT = TimeUnit.SECONDS.toNanos(2);

    private final Counters counters = new Counters();
    private long now = -5;
    private final FeedStatus status = new FeedStatus(counters, () -> 3, SILENT, () -> now);

    @Test
    void shouldStartWithoutAnAnswer() {
        assertEquals("starting", status.getState());
        assertEquals(-1, status.getLastAnswerAgeMillis());
        assertEquals(-1, status.getLagRecords());
        assertEquals(3, status.getClients());
    }

    @Test
    void shouldBeSilentWhenNoAnswerComesAfterItBeganToTry() {
        status.restartSilence();
        now += SILENT - 1;
        assertFalse(status.isSilent());
        now += 1;
        assertTrue(status.isSilent());
        assertEquals("starting", status.getState());
    }

    /** A broker may hold a fetch back for longer than two seconds, if it is asked to. */
    @Test
    void shouldMissAnAnswerEightSecondsBeforeItIsSilent() {
        for (long silent : new long[] {SILENT, 2 * SILENT}) {
            FeedStatus waiting = new FeedStatus(counters, () -> 3, silent, () -> now);
            waiting.restartSilence();
            now += silent - LATE - 1;
            assertFalse(waiting.isLate());
            now += 1;
            assertTrue(waiting.isLate());
            assertEquals(LATE, waiting.nanosUntilSilent());
            waiting.answered();
            assertFalse(waiting.isLate());
        }
    }

    @Test
    void shouldNotBeSilentWhileBrokersHoldTheirAnswersBack() {
        status.answered();
        now += SILENT - 1;
        status.restartSilence();
        now += SILENT - 1;
        assertFalse(status.isSilent());
        now += 1;
        assertTrue(status.isSilent());
    }

    @Test
    void shouldKnowWhenItLastHadAllOfTheLog() {
        status.lag(3);
        assertEquals(Long.MAX_VALUE, status.nanosSinceEnd());
        status.lag(0);
        status.hadAll(now - 2);
        now += 5;
        status.lag(2);
        assertEquals(7, status.nanosSinceEnd());
    }

    /** Otherwise operators would see for hours what was so before the brokers went. */
    @Test
    void shouldKnowNothingOfTheBrokersAfterAFailure() {
        status.answered();
        status.throttled(true);
        status.failingPartitions("orders-1");
        status.unstable(7);
        status.lag(3);
        status.failed("no answer", false);
        assertFalse(status.isThrottled());
        assertEquals("", status.getFailingPartitions());
        assertEquals(-1, status.getUnstableRecords());
        assertEquals(-1, status.getLagRecords());
    }

    @Test
    void shouldTellWhyAPartitionCannotBeReadWithoutFailing() {
        status.answered();
        status.unreadable("no codec");
        status.unreadable("");
        assertEquals("no codec", status.getLastError());
        assertEquals("following", status.getState());
        assertEquals(0, status.getFailures());
    }

    @Test
    void shouldFollowFromTheFirstAnswerOn() {
        assertFalse(status.answered());
        assertEquals("following", status.getState());
        now += TimeUnit.MILLISECONDS.toNanos(7);
        assertEquals(7, status.getLastAnswerAgeMillis());
    }

    @Test
    void shouldFailWhenTheBrokersFallSilentAndFollowWhenTheyAnswer() {
        status.answered();
        now += SILENT - 1;
        assertFalse(status.isSilent());
        now += 1;
        assertTrue(status.isSilent());
        status.failed("no answer", false);
        assertEquals("failing", status.getState());
        assertEquals("no answer", status.getLastError());
        assertEquals(1, status.getFailures());
        assertEquals(1, status.getConsecutiveFailures());
        assertEquals(1, counters.feedFailures.sum());
        assertTrue(status.answered());
        assertEquals("following", status.getState());
        assertEquals(1, status.getFailures());
        assertEquals(0, status.getConsecutiveFailures());
    }

    @Test
    void shouldCountFailuresUntilTheBrokersAnswer() {
        status.failed("first", false);
        status.failed("second", false);
        assertEquals("failing", status.getState());
        assertEquals(2, status.getFailures());
        assertEquals(2, status.getConsecutiveFailures());
        assertEquals("second", status.getLastError());
        assertFalse(status.answered());
        assertEquals(0, status.getConsecutiveFailures());
        assertEquals(2, status.getFailures());
        status.failed("third", false);
        assertTrue(status.answered());
        assertFalse(status.answered());
    }

    @Test
    void shouldNotAskAboutTopicsWhileTheBrokersDoNotAnswer() {
        status.answered();
        now += RECENT - 1;
        assertTrue(status.isAnswered());
        now += 1;
        assertFalse(status.isAnswered());
        status.restartSilence();
        assertTrue(status.isAnswered(), "the silence is new");
    }

    @Test
    void shouldNotTakeANewSilenceForAnAnswer() {
        status.answered();
        now += SILENT;
        status.failed("no answer", false);
        status.restartSilence();
        assertFalse(status.isSilent());
        assertEquals("failing", status.getState());
        assertEquals(1, status.getConsecutiveFailures());
        assertEquals(TimeUnit.NANOSECONDS.toMillis(SILENT), status.getLastAnswerAgeMillis());
    }

    @Test
    void shouldTellWhatIsKnownOfTheTopics() {
        assertEquals(-1, status.getUnstableRecords());
        assertEquals("", status.getFailingPartitions());
        assertFalse(status.isThrottled());
        assertEquals("", status.getLastError());
        status.window(5, 600);
        status.lag(7);
        status.unstable(8);
        status.failingPartitions("orders-1");
        status.throttled(true);
        assertEquals(5, status.getWindowEvents());
        assertEquals(600, status.getWindowBytes());
        assertEquals(7, status.getLagRecords());
        assertEquals(8, status.getUnstableRecords());
        assertEquals("orders-1", status.getFailingPartitions());
        assertTrue(status.isThrottled());
    }

    @Test
    void shouldCountWhatAllFeedsRead() {
        status.read(5, 1);
        status.read(6, 0);
        assertEquals(11, counters.tailRecords.sum());
        assertEquals(1, counters.gaps.sum());
    }
}
