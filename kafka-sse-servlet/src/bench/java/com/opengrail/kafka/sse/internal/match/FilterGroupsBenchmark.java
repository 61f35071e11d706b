package com.opengrail.kafka.sse.internal.match;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.testing.NoFollower;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Whom a record is for, where each client has a filter of its own; the records' names take turns. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FilterGroupsBenchmark {
    private static final int NAMES = 5000;

    /** What the filters look like. */
    public enum Form {
        LITERAL,
        EXPRESSION
    }

    @Param({"1", "5000"})
    public int filters;

    @Param
    public Form form;

    private final FilterGroups groups = new FilterGroups(System::nanoTime);
    private final EventNames names = new EventNames(EventFilter.all());
    private final byte[][] keys = new byte[NAMES][];
    private int turn;

    @Setup
    public void join() {
        for (int i = 0; i < filters; i++) {
            String expression = form == Form.LITERAL ? "k" + i : "[k]" + i;
            groups.join(EventFilter.parse(expression), new NoFollower());
        }
        for (int i = 0; i < NAMES; i++) {
            keys[i] = ("k" + i).getBytes(UTF_8);
        }
        groups.absorb(0);
        // Each name is held against the filters once: what comes after that is measured.
        for (byte[] key : keys) {
            groups.mark(names.of(key), turn++);
        }
        groups.beforePublish();
        groups.wake();
    }

    /** A client with a filter of its own comes, a hundred records pass, and it goes. */
    @Benchmark
    public void comeAndGo() {
        Wakeable follower = new NoFollower();
        FilterGroup joined = groups.join(EventFilter.parse("[kl]" + turn % NAMES), follower);
        groups.absorb(turn);
        for (int i = 0; i < 100; i++) {
            groups.mark(names.of(keys[turn % NAMES]), turn);
            turn = turn + 1 & Integer.MAX_VALUE;
        }
        groups.beforePublish();
        groups.wake();
        groups.leave(joined, follower);
    }

    @Benchmark
    public void markAndWake() {
        groups.mark(names.of(keys[turn % NAMES]), turn);
        turn = turn + 1 & Integer.MAX_VALUE;
        groups.beforePublish();
        groups.wake();
    }
}
