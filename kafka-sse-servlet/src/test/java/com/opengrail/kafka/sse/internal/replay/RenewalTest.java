package com.opengrail.kafka.sse.internal.replay;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.LogInPause;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

/** A consumer that may know old addresses or keys is replaced, but seldom: each one writes many lines to the log. */
class RenewalTest {
    private static final Duration PAUSE = Duration.ofSeconds(65);
    private static final TimeoutException SILENCE = new TimeoutException("no answer");
    private static final SaslAuthenticationException REFUSAL = new SaslAuthenticationException("wrong password");

    private final KafkaSource source = mock(KafkaSource.class);
    private long now = -7;
    private final Consumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final LogInPause logIns = new LogInPause(Renewal.REST, PAUSE, PAUSE, () -> now);
    private final Renewal renewal = new Renewal(source, logIns, () -> now);

    RenewalTest() {
        when(source.isReachable()).thenReturn(true);
        renewal.made(consumer);
    }

    @Test
    void shouldReplaceAConsumerThatGotNoAnswerForFiveMinutes() {
        renewal.answered();
        now += Renewal.LONG_NANOS;
        assertFalse(renewal.isDueAfter(SILENCE));
        now++;
        assertTrue(renewal.isDueAfter(SILENCE));
        renewal.made(consumer);
        assertFalse(renewal.isDueAfter(SILENCE), "the new one has its time, too");
    }

    @Test
    void shouldKeepAConsumerThatIsAnsweredNowAndThen() {
        now += Renewal.LONG_NANOS;
        renewal.answered();
        now += Renewal.LONG_NANOS;
        assertFalse(renewal.isDueAfter(SILENCE));
    }

    /** Another one could not connect either. */
    @Test
    void shouldKeepAConsumerWhileNoBrokerCanBeReached() {
        now += Renewal.LONG_NANOS + 1;
        when(source.isReachable()).thenReturn(false);
        assertFalse(renewal.isDueAfter(SILENCE));
        when(source.isReachable()).thenReturn(true);
        assertTrue(renewal.isDueAfter(SILENCE));
    }

    /** What a class of the application has read for it may be old. */
    @Test
    void shouldReplaceAConsumerThatFailedForFiveMinutes() {
        now += Renewal.LONG_NANOS + 1;
        assertTrue(renewal.isDueAfter(new SslAuthenticationException("certificate expired")));
    }

    @Test
    void shouldTakeOtherRefusalsForAnswers() {
        now += Renewal.LONG_NANOS + 1;
        assertFalse(renewal.isDueAfter(new TopicAuthorizationException(Set.of("orders"))));
    }

    /** A consumer that polls meanwhile pauses for longer and longer before it connects. */
    @Test
    void shouldRestWhileNoBrokerCanBeReached() {
        assertFalse(renewal.isAway());
        renewal.isDueAfter(SILENCE);
        assertFalse(renewal.isAway(), "a broker accepts connections");
        when(source.isReachable()).thenReturn(false);
        assertTrue(renewal.restNanos() <= 0, "nothing has failed since");
        renewal.isDueAfter(SILENCE);
        assertTrue(renewal.isAway());
        assertEquals(Renewal.LOOK_NANOS, renewal.restNanos());
        now += Renewal.LOOK_NANOS;
        assertEquals(Renewal.LOOK_NANOS, renewal.restNanos());
        when(source.isReachable()).thenReturn(true);
        assertTrue(renewal.restNanos() <= 0);
        assertFalse(renewal.isAway());
    }

    @Test
    void shouldTryAllTheSameAfterHalfAMinute() {
        when(source.isReachable()).thenReturn(false);
        renewal.isDueAfter(SILENCE);
        now += Renewal.AWAY_NANOS - 1;
        assertEquals(Renewal.LOOK_NANOS, renewal.restNanos());
        now++;
        assertTrue(renewal.restNanos() <= 0);
        renewal.isDueAfter(SILENCE);
        assertTrue(renewal.isAway());
        renewal.isDueAfter(new TopicAuthorizationException(Set.of("orders")));
        assertFalse(renewal.isAway(), "a refusal is an answer");
    }

    @Test
    void shouldLetGoOfAConsumerThatHasBeenIdleForFourMinutes() {
        now += Renewal.IDLE_NANOS;
        assertFalse(renewal.isIdle());
        now++;
        assertTrue(renewal.isIdle());
        renewal.isDueAfter(SILENCE);
        assertFalse(renewal.isIdle(), "it has been used");
    }

    @Test
    void shouldRestAfterARefusedLogInAlone() {
        renewal.isDueAfter(new KafkaException("a corrupt batch"));
        assertTrue(renewal.restNanos() <= 0);
        renewal.isDueAfter(REFUSAL);
        assertEquals(Renewal.REST_NANOS, renewal.restNanos());
        now += Renewal.REST_NANOS;
        assertTrue(renewal.restNanos() <= 0);
    }

    /** Each log-in writes lines to the log, whichever reader tries. */
    @Test
    void shouldLetOneReaderOfAllTryToLogIn() {
        Renewal ofAnother = new Renewal(source, logIns, () -> now);
        ofAnother.made(consumer);
        assertFalse(renewal.isDueAfter(REFUSAL));
        assertFalse(ofAnother.isDueAfter(REFUSAL));
        now += Renewal.REST_NANOS;
        assertTrue(renewal.restNanos() <= 0);
        assertEquals(Renewal.REST_NANOS, ofAnother.restNanos());
        assertFalse(renewal.isDueAfter(REFUSAL));
        for (long rested = 0; rested < PAUSE.toNanos(); rested += Renewal.REST_NANOS) {
            assertTrue(renewal.restNanos() > 0);
            assertTrue(ofAnother.restNanos() > 0);
            now += Renewal.REST_NANOS;
        }
        assertTrue(ofAnother.restNanos() <= 0);
        assertEquals(Renewal.REST_NANOS, renewal.restNanos());
        ofAnother.answered();
        now += Renewal.REST_NANOS;
        assertTrue(renewal.restNanos() <= 0, "the other one was let in");
    }

    @Test
    void shouldGoOnAtOnceWhereAnAnswerCameAfterTheRest() {
        renewal.isDueAfter(REFUSAL);
        now += Renewal.REST_NANOS;
        renewal.answered();
        assertTrue(renewal.restNanos() <= 0);
    }

    @Test
    void shouldReplaceAConsumerAsSoonAsAnotherMayLogIn() {
        assertFalse(renewal.isDueAfter(REFUSAL));
        assertFalse(renewal.isOutdated());
        now += Renewal.REST_NANOS;
        when(source.isOutdatedBy(consumer, REFUSAL)).thenReturn(true);
        assertTrue(renewal.restNanos() <= 0, "before the pause of all is over");
        assertTrue(renewal.isOutdated());
        assertDoesNotThrow(logIns::pass);
        assertTrue(renewal.isDueAfter(REFUSAL));
        assertTrue(renewal.restNanos() <= 0);
    }

    @Test
    void shouldTakeNoOldConnectionForALogIn() {
        Renewal ofAnother = new Renewal(source, logIns, () -> now);
        ofAnother.made(consumer);
        ofAnother.answered();
        renewal.isDueAfter(REFUSAL);
        ofAnother.answered();
        assertThrows(SaslAuthenticationException.class, logIns::pass);
        renewal.made(consumer);
        renewal.answered();
        assertDoesNotThrow(logIns::pass);
    }

    @Test
    void shouldNotRestWithANewConsumerForARefusalOfTheOneBefore() {
        renewal.isDueAfter(REFUSAL);
        now += Renewal.REST_NANOS;
        logIns.pass();
        renewal.made(consumer);
        assertTrue(renewal.restNanos() <= 0);
    }

    @Test
    void shouldNotRestAgainBeforeTheLogInIsTried() {
        renewal.isDueAfter(REFUSAL);
        now += Renewal.REST_NANOS;
        assertTrue(renewal.restNanos() <= 0);
        assertTrue(renewal.restNanos() <= 0, "there was nothing to read");
    }

    @Test
    void shouldLetAllPassWhereAConsumerIsLetInThatWasRefused() {
        renewal.answered();
        renewal.isDueAfter(REFUSAL);
        now += Renewal.REST_NANOS;
        assertTrue(renewal.restNanos() <= 0);
        renewal.answered();
        assertDoesNotThrow(logIns::pass);
    }

    /** A broker refuses it, and another one serves it. */
    @Test
    void shouldGoOnWithAConnectionThatLastsWhileAnotherReaderTriesToLogIn() {
        renewal.answered();
        renewal.isDueAfter(REFUSAL);
        now += Renewal.REST_NANOS;
        logIns.pass();
        renewal.answered();
        assertTrue(renewal.restNanos() <= 0);
    }
}
