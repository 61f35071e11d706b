package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.opengrail.kafka.sse.internal.source.UnknownTopicsException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A feed that fails again and again asks less and less often, and ends at once all the same. */
@Timeout(60)
class FeedPauseTest {
    private static final long FIRST = FeedFailures.AFTER_FIRST_REFUSAL_MILLIS;
    private static final long LATER = FeedFailures.BETWEEN_LOG_INS_MILLIS;

    /** The lengths of the pauses that have begun, in milliseconds. */
    private final List<Long> lengths = new ArrayList<>();

    private final CountDownLatch begun = new CountDownLatch(1);

    /** True if the time stands still, so that a pause has no end of its own. Otherwise it is over as it begins. */
    private boolean frozen;

    private long now;

    private final FeedFailures failures = new FeedFailures(() -> now, new CountDownLatch(1) {
        @Override
        public boolean await(long timeout, TimeUnit unit) throws InterruptedException {
            lengths.add(unit.toMillis(timeout));
            now += unit.toNanos(timeout);
            begun.countDown();
            if (frozen) {
                await();
            }
            return frozen;
        }
    });

    private void pause(int times) {
        for (int i = 0; i < times; i++) {
            failures.pause(FeedFailures.LONGEST_PAUSE_MILLIS);
        }
    }

    @Test
    void shouldGrowUpToALimit() {
        pause(6);
        assertEquals(List.of(500L, 1_500L, 4_500L, 13_500L, 15_000L, 15_000L), lengths);
    }

    @Test
    void shouldStartAnewWhenTheBrokersHaveAnswered() {
        pause(2);
        failures.over();
        pause(2);
        assertEquals(List.of(500L, 1_500L, 500L, 1_500L), lengths);
    }

    @Test
    void shouldTakeNoLongerThanItMayAndGrowFromThere() {
        pause(4);
        failures.pause(2_000);
        pause(1);
        assertEquals(List.of(500L, 1_500L, 4_500L, 13_500L, 2_000L, 6_000L), lengths);
    }

    @Test
    void shouldBeOverAtOnceWhenTheFeedEnds() throws InterruptedException {
        frozen = true;
        Thread waiting = new Thread(() -> pause(1));
        waiting.start();
        begun.await();
        failures.endPause();
        waiting.join();
    }

    @Test
    void shouldNotBeginWhenTheFeedHasEnded() {
        frozen = true;
        failures.endPause();
        pause(1);
    }

    @Test
    void shouldLastUntilThereIsABrokerAfterNoneHasAnswered() {
        Iterator<Boolean> reachable = List.of(false, false, true).iterator();
        failures.pauseAfter(new TimeoutException("no answer"));
        failures.awaitBrokers(reachable::next);
        assertEquals(List.of(500L, 500L, 500L), lengths);
        assertFalse(reachable.hasNext());
    }

    /** The brokers may have other addresses than those that are looked at. */
    @Test
    void shouldEndWithoutABrokerAfterSomeTime() {
        failures.pauseAfter(new TimeoutException("no answer"));
        failures.awaitBrokers(() -> false);
        assertEquals(TimeUnit.MILLISECONDS.toNanos(500) + TimeUnit.MINUTES.toNanos(1), now);
    }

    @Test
    void shouldLookForNoBrokersThatHaveAnswered() {
        BooleanSupplier notToBeAsked = () -> fail("asked");
        failures.awaitBrokers(notToBeAsked);
        failures.pauseAfter(new TimeoutException("no answer"));
        failures.pauseAfter(new SaslAuthenticationException("wrong password"));
        failures.awaitBrokers(notToBeAsked);
        assertEquals(List.of(500L, 1_500L), lengths);
    }

    /** Each log-in that is refused writes lines to the log. */
    @Test
    void shouldBeLongAfterEachRefusedLogInButTheFirst() {
        refuseTheConsumer();
        refuseTheConsumer();
        failures.pauseAfter(new TimeoutException("no answer"));
        refuseTheConsumer();
        failures.over();
        refuseTheConsumer();
        assertEquals(List.of(FIRST, LATER, 500L, LATER, FIRST), lengths);
    }

    @Test
    void shouldLetNoThreeLogInsBeRefusedInAMinute() {
        refuseTheConsumer();
        refuseTheConsumer();
        assertTrue(now > TimeUnit.MINUTES.toNanos(1));
    }

    /** Kafka's consumer throws the same until it has tried once more, and that may succeed. */
    @Test
    void shouldNotTakeARefusalForAnotherOneIfNoLogInWasTried() {
        SaslAuthenticationException refusal = new SaslAuthenticationException("wrong password");
        refuseTheConsumer(refusal);
        refuseTheConsumer(refusal);
        failures.pauseAfter(new TimeoutException("no answer"));
        refuseTheConsumer(refusal);
        refuseTheConsumer();
        assertEquals(List.of(FIRST, FIRST, 500L, FIRST, LATER), lengths);
    }

    @Test
    void shouldBeShortWhereTheNextLogInIsTriedWithOtherCredentials() {
        refuseTheConsumer();
        failures.willLogInAnew();
        refuseTheConsumer();
        refuseTheConsumer();
        assertEquals(List.of(FIRST, 500L, LATER), lengths);
    }

    private void refuseTheConsumer() {
        refuseTheConsumer(new SaslAuthenticationException("wrong password"));
    }

    private void refuseTheConsumer(SaslAuthenticationException refusal) {
        failures.described();
        failures.pauseAfter(refusal);
    }

    /** The admin client logs in when it finds that right. The feed asks often enough to go on soon after. */
    @Test
    void shouldBeShortWhileTheAdminClientIsRefused() {
        refuseTheConsumer();
        for (int i = 0; i < 4; i++) {
            failures.pauseAfter(new SaslAuthenticationException("wrong password"));
        }
        refuseTheConsumer();
        assertEquals(List.of(FIRST, 500L, 1_500L, 2_000L, 2_000L, FIRST), lengths);
    }

    @Test
    void shouldGrowAsUsualAfterOtherFailuresOfTheConsumer() {
        for (KafkaException failure : List.of(
                new KafkaException("a corrupt batch"),
                new KafkaException("a corrupt batch"),
                new TimeoutException("no answer"))) {
            failures.described();
            failures.pauseAfter(failure);
        }
        refuseTheConsumer();
        assertEquals(List.of(500L, 1_500L, 2_000L, FIRST), lengths);
    }

    /** A client that asks for it meanwhile must get its answer soon. */
    @Test
    void shouldStayShortWhereATopicCannotBeFollowed() {
        failures.pauseAfter(new UnknownTopicsException(Set.of("orders")));
        failures.pauseAfter(new TooManyPartitionsException(700));
        failures.pauseAfter(new UnknownTopicsException(Set.of("orders")));
        assertEquals(List.of(500L, 700L, 700L), lengths);
    }

    /** Kafka's clients pause, too. */
    @Test
    void shouldStayShortWithoutAnAnswer() {
        for (int i = 0; i < 4; i++) {
            failures.pauseAfter(new TimeoutException("no answer"));
        }
        assertEquals(List.of(500L, 1_500L, 2_000L, 2_000L), lengths);
    }

    @Test
    void shouldTellEachFiveMinutesThatFailuresLastForLong() {
        long five = TimeUnit.MINUTES.toNanos(5);
        now = 7;
        for (int i = 0; i < 2; i++) {
            assertFalse(failures.lastForLong());
            now += five;
            assertFalse(failures.lastForLong());
            now++;
            assertTrue(failures.lastForLong());
        }
        failures.over();
        now += five + 1;
        assertFalse(failures.lastForLong(), "it is the first one again");
    }

    @Test
    void shouldNotWaitForBrokersWhenTheFeedHasEnded() {
        failures.pauseAfter(new TimeoutException("no answer"));
        frozen = true;
        failures.endPause();
        failures.awaitBrokers(() -> false);
        assertEquals(2, lengths.size());
    }

    @Test
    void shouldLastWhileNobodyIsThere() {
        Iterator<Boolean> wanted = List.of(false, false, true).iterator();
        failures.pauseAfter(new UnknownTopicsException(Set.of("orders")), wanted::next);
        assertEquals(List.of(500L, 500L, 500L), lengths);
        assertFalse(wanted.hasNext());
        frozen = true;
        Thread.currentThread().interrupt();
        failures.pauseAfter(new UnknownTopicsException(Set.of("orders")), () -> false);
        assertTrue(Thread.interrupted(), "told to whoever waited");
    }

    /** The next one is as long as this one was to be. */
    @Test
    void shouldBeOverWhenTheThreadIsInterrupted() {
        pause(1);
        frozen = true;
        Thread.currentThread().interrupt();
        pause(1);
        assertTrue(Thread.interrupted(), "told to whoever waited");
        frozen = false;
        pause(2);
        assertEquals(List.of(500L, 1_500L, 1_500L, 4_500L), lengths);
    }
}
