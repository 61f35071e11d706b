package com.opengrail.kafka.sse.internal.metrics;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;

/** What the latency costs each write, alone and beside another writer that adds to the same bucket. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LatencyBenchmark {
    private final Latency latency = new Latency(InstantSource.system());
    private final long timestamp = System.currentTimeMillis();

    @Benchmark
    @Threads(1)
    public void alone() {
        latency.written(timestamp, 1);
    }

    @Benchmark
    @Threads(2)
    public void withAnother() {
        latency.written(timestamp, 1);
    }
}
