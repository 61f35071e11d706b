package com.opengrail.kafka.sse.internal.position;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** An id is made once per record, and once per client that is told its position; read once per client that resumes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PositionCodecBenchmark {
    private static final String TOPIC = "orders";
    private static final long OFFSET = 123_456_789L;

    @Param({"1", "4", "16"})
    public int partitions;

    private Layout layout;
    private long[] next;
    private String id;

    @Setup
    public void makePosition() {
        layout = new Layout(List.of(new Layout.Topic(TOPIC, new Uuid(1, 2), partitions)));
        next = new long[partitions];
        for (int i = 0; i < partitions; i++) {
            next[i] = OFFSET + i;
        }
        id = new String(PositionCodec.encode(layout, next), US_ASCII);
    }

    @Benchmark
    public byte[] encode() {
        next[0]++;
        return PositionCodec.encode(layout, next);
    }

    @Benchmark
    public EventId decode() {
        return PositionCodec.decode(id, List.of(TOPIC));
    }
}
