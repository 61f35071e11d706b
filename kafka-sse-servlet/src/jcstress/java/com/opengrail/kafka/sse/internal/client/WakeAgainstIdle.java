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
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A holder that finds nothing to write and lets go of its client, against who leaves something and wakes it. Forbidden: that
 * neither writes it.
 */
@JCStressTest
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "written once")
@Outcome(id = "0", expect = Expect.FORBIDDEN, desc = "a lost wake-up: there is something, and nobody writes it")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "written twice")
@State
public class WakeAgainstIdle {
    private final Writers writers = new Writers(1, "stress", EngineThreads.ofCaller(), System::nanoTime);
    private final StubStream stream = new StubStream(writers);

    @Actor
    public void holder() {
        stream.client.writer().onWritePossible();
    }

    @Actor
    public void waker() {
        stream.wake();
    }

    /** The turns that the writer thread has been given. */
    @Arbiter
    public void turns(I_Result result) {
        writers.close();
        Lanes.run(writers);
        result.r1 = stream.writes();
    }
}
