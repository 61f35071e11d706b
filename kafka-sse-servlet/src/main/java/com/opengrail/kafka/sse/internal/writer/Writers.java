package com.opengrail.kafka.sse.internal.writer;

import com.opengrail.kafka.sse.internal.threads.Deadline.Ending;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The lanes in which clients have their turns. Each client has one of them as long as its stream lasts.
 *
 * <p>Threads: safe.
 */
public final class Writers {
    /** How often to look for a turn that waits. It delays the other clients of the lane for up to twice as long. */
    public static final long CHECK_MILLIS = 50;

    private final BlockedConnections blocked;
    private final List<WriterLane> lanes;
    private final AtomicInteger given = new AtomicInteger();

    public Writers(int count, String name, EngineThreads threads, LongSupplier nanoTime) {
        blocked = new BlockedConnections(nanoTime);
        lanes = IntStream.rangeClosed(1, count)
                .mapToObj(number -> new WriterLane(name + "-writer-" + number, threads, blocked, nanoTime))
                .toList();
    }

    public void start() {
        lanes.forEach(WriterLane::start);
    }

    /** Makes the writer of a client, which has its turns in one of the lanes. */
    public ClientWriter newWriter(WrittenClient client, AsyncContext context, long now) throws IOException {
        return new ClientWriter(client, context, next(), now);
    }

    WriterLane next() {
        return lanes.get(Math.floorMod(given.getAndIncrement(), lanes.size()));
    }

    /** All clients. Those that come or go meanwhile may be missing. */
    public Stream<WrittenClient> clients() {
        return lanes.stream().flatMap(WriterLane::clients).map(LaneMember::client);
    }

    public boolean areAlive() {
        return lanes.stream().noneMatch(lane -> lane.thread().getState() == Thread.State.TERMINATED);
    }

    /** Called by the timer, every {@link #CHECK_MILLIS}. */
    public void replaceBlocked() {
        lanes.forEach(WriterLane::replaceBlocked);
    }

    /** Completes the requests of clients that failed before a time. */
    public void completeAllSince(long time) {
        lanes.forEach(lane -> lane.completeAllSince(time));
    }

    /** True if a client has failed whose request is not complete. */
    public boolean isAnyUnreported() {
        return lanes.stream().anyMatch(WriterLane::isAnyUnreported);
    }

    /** Interrupts the threads that wait for clients. The others finish their work and end. */
    public void close() {
        blocked.close();
        lanes.forEach(WriterLane::close);
    }

    public Stream<Ending> endings() {
        return Stream.concat(lanes.stream().map(WriterLane::thread), blocked.threads().stream())
                .map(thread -> thread::join);
    }
}
