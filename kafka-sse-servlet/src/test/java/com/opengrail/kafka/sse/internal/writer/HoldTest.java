package com.opengrail.kafka.sse.internal.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Answers.CALLS_REAL_METHODS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import com.opengrail.kafka.sse.testing.Await;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HoldTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration WAIT = Duration.ofMillis(400);
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final Hold hold =
            mock(Hold.class, withSettings().useConstructor("connection").defaultAnswer(CALLS_REAL_METHODS));

    private void wake() {
        hold.change(state -> WriteState.IDLE);
        assertTrue(hold.move(WriteState::wake));
    }

    /** The turn may be far away. A container's thread must not wait for it. */
    @Test
    void shouldNotLetAReportWaitForAClientThatWaitsForItsTurn() {
        wake();
        hold.heldByNobody();
        hold.change(WriteState::fail);
        hold.awaitRelease(FOR_EVER);
        assertTrue(WriteState.isOver(hold.state()), "the turn sees the mark");
    }

    @Test
    void shouldNotLetTheHolderWaitForItself() {
        wake();
        hold.heldHere();
        hold.awaitRelease(FOR_EVER);
        assertTrue(WriteState.isHeld(hold.state()));
    }

    @Test
    void shouldLetAReportWaitForTheThreadThatUsesTheResponse() throws InterruptedException {
        wake();
        hold.heldHere();
        Thread report = new Thread(() -> hold.awaitRelease(FOR_EVER));
        report.start();
        Await.until("the report waits", LIMIT, () -> report.getState() == Thread.State.TIMED_WAITING, report::getState);
        assertEquals(WriteState.WRITING, hold.close());
        report.join(LIMIT.toMillis());
        assertEquals(Thread.State.TERMINATED, report.getState());
    }

    /** A thread that is interrupted cannot park. */
    @Test
    void shouldLetAReportWaitWithoutBurningAProcessorWhereItsThreadIsInterrupted() throws Exception {
        wake();
        hold.heldHere();
        FutureTask<Duration> report = new FutureTask<>(() -> {
            Thread.currentThread().interrupt();
            hold.awaitRelease(WAIT);
            assertTrue(Thread.interrupted(), "the interrupt is left for the container");
            return Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
        });
        new Thread(report).start();
        Duration busy = report.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertTrue(busy.compareTo(WAIT.dividedBy(2)) < 0, () -> "it was busy for " + busy + " of " + WAIT);
    }
}
