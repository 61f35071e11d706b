package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** The brokers are asked when there is somebody to answer, and a log-in is tried again. */
class QuestionGateTest {
    private static final Duration REFUSED = Duration.ofSeconds(27);
    private static final Duration AWAY = Duration.ofMinutes(5);

    private static final Duration LONG = Duration.ofSeconds(8);
    private static final Duration VERY_LONG = Duration.ofSeconds(55);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final SaslAuthenticationException REFUSAL = new SaslAuthenticationException("wrong password");

    private boolean away;
    private long now = -7;
    private final QuestionGate gate = new QuestionGate(() -> away, REFUSED, () -> now);

    private void assertClosedFor(Duration time) {
        now += time.toNanos() - 1;
        assertThrows(TimeoutException.class, gate::pass);
        now += 1;
    }

    @Test
    void shouldLetAllPassWhileBrokersAreThere() {
        gate.pass();
        gate.failed(new TimeoutException("no answer"));
        assertDoesNotThrow(gate::pass);
    }

    @Test
    void shouldLetAQuestionPassEveryFiveMinutesWhileNoneCanBeReached() {
        gate.pass();
        away = true;
        now += AWAY.multipliedBy(3).toNanos();
        assertThrows(TimeoutException.class, gate::pass);
        assertClosedFor(AWAY);
        assertDoesNotThrow(gate::pass);
        assertThrows(TimeoutException.class, gate::pass);
        assertClosedFor(AWAY);
        assertDoesNotThrow(gate::pass);
    }

    @Test
    void shouldLetAllPassAtOnceWhenTheyAreBack() {
        away = true;
        assertThrows(TimeoutException.class, gate::pass);
        away = false;
        assertDoesNotThrow(gate::pass);
        assertDoesNotThrow(gate::pass);
        away = true;
        now += AWAY.toNanos();
        assertThrows(TimeoutException.class, gate::pass, "another absence");
    }

    @Test
    void shouldTellThatNoneCouldBeReachedForAboutAMinute() {
        away = true;
        assertThrows(TimeoutException.class, gate::pass);
        now += VERY_LONG.toNanos() - 1;
        assertFalse(gate.isAwayForVeryLong());
        now += 1;
        assertTrue(gate.isAwayForVeryLong());
        away = false;
        gate.pass();
        assertFalse(gate.isAwayForVeryLong());
        away = true;
        assertThrows(TimeoutException.class, gate::pass);
        assertFalse(gate.isAwayForVeryLong());
    }

    @Test
    void shouldTellOnceThatTheBrokersAreBackAfterALongAbsence() {
        assertFalse(gate.pass());
        away = true;
        assertThrows(TimeoutException.class, gate::pass);
        now += LONG.toNanos();
        assertThrows(TimeoutException.class, gate::pass);
        away = false;
        assertTrue(gate.pass());
        assertFalse(gate.pass());
        away = true;
        assertThrows(TimeoutException.class, gate::pass);
        now += LONG.toNanos() - 1;
        away = false;
        assertFalse(gate.pass(), "a short one");
    }

    @Test
    void shouldTellWhyTheLogInFailedUntilItMayBeTriedAgain() {
        gate.failed(REFUSAL);
        now += REFUSED.toNanos() - 1;
        assertSame(REFUSAL, assertThrows(SaslAuthenticationException.class, gate::pass));
        now += 1;
        assertDoesNotThrow(gate::pass);
    }

    @Test
    void shouldTryALogInWithOneQuestionAtATime() {
        gate.failed(REFUSAL);
        now += REFUSED.toNanos();
        assertDoesNotThrow(gate::pass);
        now += ANSWER.toNanos() - 1;
        assertThrows(SaslAuthenticationException.class, gate::pass);
        now += 1;
        assertDoesNotThrow(gate::pass, "the one before had no answer");
        assertThrows(SaslAuthenticationException.class, gate::pass);
        gate.answered();
        assertDoesNotThrow(gate::pass);
        assertDoesNotThrow(gate::pass);
    }

    @Test
    void shouldWaitAgainAfterAnotherRefusal() {
        gate.failed(REFUSAL);
        now += REFUSED.toNanos();
        gate.pass();
        gate.failed(REFUSAL);
        now += REFUSED.toNanos() - 1;
        assertThrows(SaslAuthenticationException.class, gate::pass);
        now += 1;
        assertDoesNotThrow(gate::pass);
    }
}
