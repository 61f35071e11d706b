package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** The brokers are asked when there is somebody to answer, and a log-in is tried again. */
class QuestionGateTest {
    private static final Duration REFUSED = Duration.ofSeconds(27);
    private static final Duration AWAY = Duration.ofMinutes(1);

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
    void shouldLetAQuestionPassOnceAMinuteWhileNoneCanBeReached() {
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
    void shouldTellWhyTheLogInFailedUntilItIsTriedAgain() {
        SaslAuthenticationException refusal = new SaslAuthenticationException("wrong password");
        gate.failed(refusal);
        now += REFUSED.toNanos() - 1;
        assertSame(refusal, assertThrows(SaslAuthenticationException.class, gate::pass));
        now += 1;
        assertDoesNotThrow(gate::pass);
        gate.failed(refusal);
        assertThrows(SaslAuthenticationException.class, gate::pass);
    }
}
