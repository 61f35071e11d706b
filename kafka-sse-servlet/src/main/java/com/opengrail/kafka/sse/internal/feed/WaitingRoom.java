package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.cursor.CursorOpener;
import com.opengrail.kafka.sse.internal.cursor.Follower;
import com.opengrail.kafka.sse.internal.cursor.Opening;
import com.opengrail.kafka.sse.internal.cursor.StartFailure;
import com.opengrail.kafka.sse.internal.position.Start;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The clients of a feed whose streams have not started: before the feed itself has, and while the brokers are asked for
 * offsets.
 *
 * <p>Threads: safe. Each client is let in once, by the thread that takes it out of the map.
 */
final class WaitingRoom {
    /** A client that waited longer has seen its stream open, a second after its request. */
    private static final Duration OPENED_WITHIN = Duration.ofMillis(900);

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** A client before the feed has started. */
    private record Waiting(Start start, Instant since) {}

    private final InstantSource clock;
    private final Map<Follower, Waiting> waiting = new ConcurrentHashMap<>();
    private final Map<Follower, Opening> openings = new ConcurrentHashMap<>();

    /** Used by the feed's thread only. */
    private long triedAt;

    /** Written by the feed's thread: when topics were last known not to exist. */
    private final Map<String, Instant> absentAt = new ConcurrentHashMap<>();

    WaitingRoom(InstantSource clock) {
        this.clock = clock;
    }

    /** Adds a client before the feed has started. */
    void add(Start start, Follower follower) {
        waiting.put(follower, new Waiting(start, clock.instant()));
    }

    /** Lets a client in: at once, or as soon as the brokers have told the offsets that it needs. */
    void letIn(CursorOpener opener, Start start, Follower follower) {
        Opening opening = opener.open(start, follower);
        if (opening != null) {
            openings.put(follower, opening);
            opening.tryAgain();
            if (follower.isGone()) {
                leave(follower);
            }
        }
    }

    /**
     * Lets in all who wait for the feed. A client that waited long has seen its stream open without a position. It gets
     * all records produced since then.
     *
     * @param nothingSince from this instant on nothing has been produced, as far as is known
     */
    void letAllIn(CursorOpener opener, Instant nothingSince) {
        for (Follower follower : List.copyOf(waiting.keySet())) {
            Waiting client = waiting.remove(follower);
            if (client != null) {
                boolean waitedLong = clock.instant().isAfter(client.since().plus(OPENED_WITHIN));
                Set<String> newTopics = absentAt(client.since());
                boolean mayHaveMissed =
                        waitedLong && (!newTopics.isEmpty() || client.since().isBefore(nothingSince));
                Start start = client.start();
                if (mayHaveMissed && start.isRelativeToEnd()) {
                    start = new Start.OpenedAt(start, new Start.Since(client.since()), newTopics);
                }
                letIn(opener, start, follower);
            }
        }
    }

    /**
     * The topics that did not exist at an instant. The brokers are asked now and then, so one that was absent shortly before
     * may have been created since. It counts, too: it is so young that all of it is new.
     */
    private Set<String> absentAt(Instant instant) {
        return absentAt.keySet().stream()
                .filter(topic -> absentAt.get(topic).plus(OPENED_WITHIN).isAfter(instant))
                .collect(Collectors.toSet());
    }

    /** The brokers say that topics that are waited for do not exist. To those who wait already they are new as a whole. */
    void absent(Collection<String> topics) {
        topics.forEach(topic -> absentAt.put(topic, clock.instant()));
    }

    /** When the first of those who wait for the feed came, if it waited so long that its stream is open; else {@code null}. */
    Instant firstOpened() {
        return waiting.values().stream()
                .map(Waiting::since)
                .min(Instant::compareTo)
                .filter(first -> first.plus(OPENED_WITHIN).isBefore(clock.instant()))
                .orElse(null);
    }

    /** The brokers have answered: clients need not open their streams without a position yet. */
    void startIsNear() {
        waiting.keySet().forEach(Follower::startIsNear);
    }

    /**
     * Now and then asks the brokers again for those who had no answer. Called by the feed's thread alone.
     *
     * @param now nanoseconds of any clock
     */
    void tryAgain(long now) {
        if (now - triedAt >= RETRY_NANOS) {
            triedAt = now;
            openings.values().removeIf(Opening::tryAgain);
        }
    }

    /** Tells all who wait for the feed that their streams cannot start. */
    void fail(StartFailure failure) {
        waiting.keySet().removeIf(follower -> follower.failed(failure));
    }

    void leave(Follower follower) {
        waiting.remove(follower);
        Opening opening = openings.remove(follower);
        if (opening != null) {
            opening.abandon();
        }
    }
}
