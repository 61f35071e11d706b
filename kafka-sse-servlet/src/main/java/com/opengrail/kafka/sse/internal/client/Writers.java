package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.threads.Endings.Ending;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The lanes in which clients have their turns. Each client has one of them as long as its stream lasts.
 *
 * <p>Threads: safe.
 */
final class Writers {
    /** How often to look for a turn that waits. It delays the other clients of the lane for up to twice as long. */
    static final long CHECK_MILLIS = 50;

    private final BlockedConnections blocked = new BlockedConnections();
    private final List<WriterLane> lanes;
    private final AtomicInteger given = new AtomicInteger();

    Writers(int count, String name, EngineThreads threads) {
        lanes = IntStream.rangeClosed(1, count)
                .mapToObj(number -> new WriterLane(name + "-writer-" + number, threads, blocked))
                .toList();
    }

    void start() {
        lanes.forEach(WriterLane::start);
    }

    WriterLane next() {
        return lanes.get(Math.floorMod(given.getAndIncrement(), lanes.size()));
    }

    /** All clients. Those that come or go meanwhile may be missing. */
    Stream<LaneMember> clients() {
        return lanes.stream().flatMap(WriterLane::clients);
    }

    boolean areAlive() {
        return lanes.stream().noneMatch(lane -> lane.thread().getState() == Thread.State.TERMINATED);
    }

    /** Called by the timer, every {@link #CHECK_MILLIS}. */
    void replaceBlocked() {
        lanes.forEach(WriterLane::replaceBlocked);
    }

    /** Interrupts the threads that wait for clients. The others finish their work and end. */
    void close() {
        blocked.close();
        lanes.forEach(WriterLane::close);
    }

    Stream<Ending> endings() {
        return Stream.concat(lanes.stream().map(WriterLane::thread), blocked.threads().stream())
                .map(thread -> thread::join);
    }
}
