package com.opengrail.kafka.sse.internal.cursor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.match.FilterGroups;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.window.EventName;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.Window;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import com.opengrail.kafka.sse.testing.NoFollower;
import java.util.ArrayList;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * A record of 200 bytes is appended and published, then each of some clients takes it. What is allocated with many clients
 * beyond what is allocated with none, divided by their number, is what is allocated per client and event.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WindowBenchmark {
    private static final int PARTITIONS = 4;
    private static final long WINDOW_BYTES = 16L << 20;
    private static final int WRITE_BYTES = 64 * 1024;

    @Param({"0", "1", "1000"})
    public int clients;

    private final RecordFrames frames = new RecordFrames();
    private final FilterGroups groups = new FilterGroups(System::nanoTime);
    private final List<LiveCursor> cursors = new ArrayList<>();
    private final Slice slice = new Slice();
    private final Turn turn = new Turn(WRITE_BYTES, System::nanoTime);
    private final EventName[] names = new EventName[1];
    private Window window;
    private long offset;

    @Setup
    public void open() {
        Layout layout = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), PARTITIONS)));
        window = new Window(WINDOW_BYTES, new Position(layout, new long[PARTITIONS]));
        frames.add(SseEvent.of("customer", "x".repeat(200)));
        names[0] = new EventNames(EventFilter.all()).of("customer".getBytes(UTF_8));
        for (int i = 0; i < clients; i++) {
            Follower follower = new NoFollower();
            cursors.add(new LiveCursor(window, groups, follower, groups.join(EventFilter.all(), follower), false));
        }
        groups.absorb(window.nextSequence());
    }

    @Benchmark
    public void appendAndRead(Blackhole taken) {
        groups.mark(names[0], window.nextSequence());
        window.append((int) (offset % PARTITIONS), offset / PARTITIONS, frames, names);
        offset++;
        groups.beforePublish();
        window.publish();
        groups.wake();
        for (int i = 0; i < cursors.size(); i++) {
            LiveCursor cursor = cursors.get(i);
            turn.begin();
            while (cursor.next(slice, turn) && slice.length() > 0) {
                taken.consume(slice.length());
                slice.clear();
            }
        }
    }
}
