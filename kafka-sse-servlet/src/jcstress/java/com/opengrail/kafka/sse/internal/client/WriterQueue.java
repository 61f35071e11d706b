package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.internal.writer.Lanes;
import com.opengrail.kafka.sse.internal.writer.Writers;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Two clients that are woken at the same time, against the writer thread that takes the queue. Forbidden: that one of them
 * has no turn.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "each has its turn")
@Outcome(expect = Expect.FORBIDDEN, desc = "a client was lost from the queue, or had its turn twice")
@State
public class WriterQueue {
    private final Writers writers = new Writers(1, "stress", EngineThreads.ofCaller(), System::nanoTime);
    private final StubStream one = new StubStream(writers);
    private final StubStream other = new StubStream(writers);

    /** Both are idle, and the thread is to end when its queue is empty rather than to wait. */
    public WriterQueue() {
        one.client.writer().onWritePossible();
        other.client.writer().onWritePossible();
        writers.close();
    }

    @Actor
    public void wakesOne() {
        one.wake();
    }

    @Actor
    public void wakesOther() {
        other.wake();
    }

    @Actor
    public void writer() {
        Lanes.run(writers);
    }

    @Arbiter
    public void rest(II_Result result) {
        Lanes.run(writers);
        result.r1 = one.writes();
        result.r2 = other.writes();
    }
}
