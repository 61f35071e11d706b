package com.opengrail.kafka.sse.internal.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.opengrail.kafka.sse.SseEvent;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A record becomes a frame, once however many clients there are. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordFramesBenchmark {
    private static final byte[] KEY = "customer".getBytes(UTF_8);
    private static final int LINE = 40;

    /** What the values consist of. */
    public enum Text {
        ASCII,
        LINES,
        UMLAUTS
    }

    @Param({"200", "1024"})
    public int bytes;

    @Param
    public Text text;

    private final RecordFrames frames = new RecordFrames();
    private byte[] value;

    @Setup
    public void makeValue() {
        String unit = switch (text) {
            case ASCII -> "x";
            case LINES -> "x".repeat(LINE) + "\n";
            case UMLAUTS -> "ü";
        };
        value = unit.repeat(bytes / unit.getBytes(UTF_8).length).getBytes(UTF_8);
    }

    @Benchmark
    public RecordFrames encode() {
        frames.clear();
        frames.add(SseEvent.ofUtf8(KEY, value));
        return frames;
    }
}
