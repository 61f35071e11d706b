package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** A log-in that failed is tried again, but not by each question. */
class LogInPauseTest {
    private static final Duration FIRST = Duration.ofSeconds(9);
    private static final Duration PAUSE = Duration.ofSeconds(27);
    private static final Duration UNTRIED = Duration.ofSeconds(3);
    private static final Duration ANSWER = Duration.ofMillis(SharedAdmin.ANSWER_MILLIS);
    private static final SaslAuthenticationException REFUSAL = new SaslAuthenticationException("wrong password");

    private long now = -7;
    private final LogInPause pause = new LogInPause(FIRST, PAUSE, UNTRIED, () -> now);

    @Test
    void shouldLetAllPassWhileNoLogInFails() {
        pause.pass();
        pause.failed(new TimeoutException("no answer"));
        assertDoesNotThrow(pause::pass);
    }

    @Test
    void shouldTellWhyTheLogInFailedUntilItMayBeTriedAgain() {
        pause.failed(REFUSAL);
        now += FIRST.toNanos() - 1;
        assertSame(REFUSAL, assertThrows(SaslAuthenticationException.class, pause::pass));
        now += 1;
        assertDoesNotThrow(pause::pass);
    }

    @Test
    void shouldTellTheLastReason() {
        pause.failed(REFUSAL);
        SaslAuthenticationException expired = new SaslAuthenticationException("expired");
        pause.failed(expired);
        assertSame(expired, assertThrows(SaslAuthenticationException.class, pause::pass));
        assertSame(expired, assertThrows(SaslAuthenticationException.class, pause::requireLogIn));
    }

    @Test
    void shouldTryALogInWithOneQuestionAtATime() {
        pause.failed(REFUSAL);
        now += FIRST.toNanos();
        assertDoesNotThrow(pause::pass);
        now += ANSWER.toNanos() - 1;
        assertThrows(SaslAuthenticationException.class, pause::pass);
        now += 1;
        assertDoesNotThrow(pause::pass, "the one before had no answer");
        assertThrows(SaslAuthenticationException.class, pause::pass);
        pause.answered();
        assertDoesNotThrow(pause::pass);
        assertDoesNotThrow(pause::pass);
    }

    @Test
    void shouldNotWaitLongerBecauseSeveralWereRefusedAtOnce() {
        pause.failed(REFUSAL);
        now++;
        pause.failed(REFUSAL);
        now += FIRST.toNanos() - 1;
        assertDoesNotThrow(pause::pass);
        pause.failed(new SaslAuthenticationException("wrong password"));
        now++;
        pause.failed(REFUSAL);
        now += PAUSE.toNanos() - 2;
        assertThrows(SaslAuthenticationException.class, pause::pass);
        now++;
        assertDoesNotThrow(pause::pass);
    }

    /** However long that takes: one who tries is enough. */
    @Test
    void shouldHoldOthersBackUntilAQuestionIsAnswered() {
        assertDoesNotThrow(pause::requireLogIn);
        pause.failed(REFUSAL);
        now += FIRST.toNanos();
        pause.pass();
        assertSame(REFUSAL, assertThrows(SaslAuthenticationException.class, pause::requireLogIn));
        pause.answered();
        assertDoesNotThrow(pause::requireLogIn);
    }

    /** Kafka's client tries by itself later, and may succeed. */
    @Test
    void shouldAskAgainSoonWhereNoLogInWasTried() {
        pause.failed(REFUSAL);
        now += FIRST.toNanos();
        pause.pass();
        pause.failed(REFUSAL);
        now += UNTRIED.toNanos() - 1;
        assertSame(REFUSAL, assertThrows(SaslAuthenticationException.class, pause::pass));
        now += 1;
        assertDoesNotThrow(pause::pass);
    }

    @Test
    void shouldWaitNoLongerBecauseNoLogInWasTried() {
        LogInPause none = new LogInPause(Duration.ZERO, Duration.ZERO, UNTRIED, () -> now);
        none.failed(REFUSAL);
        none.pass();
        none.failed(REFUSAL);
        assertDoesNotThrow(none::pass);
    }

    @Test
    void shouldWaitLongerAfterAnotherRefusal() {
        pause.failed(REFUSAL);
        now += FIRST.toNanos();
        pause.pass();
        pause.failed(new SaslAuthenticationException("wrong password"));
        now += PAUSE.toNanos() - 1;
        assertThrows(SaslAuthenticationException.class, pause::pass);
        now += 1;
        assertDoesNotThrow(pause::pass);
        pause.answered();
        pause.failed(REFUSAL);
        now += FIRST.toNanos();
        assertDoesNotThrow(pause::pass, "it is the first one again");
    }
}
