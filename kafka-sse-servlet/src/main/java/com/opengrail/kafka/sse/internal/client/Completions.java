package com.opengrail.kafka.sse.internal.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests whose streams have failed. The container may be about to end them itself. Those that it does not end are
 * completed some time later.
 *
 * <p>Threads: safe.
 */
final class Completions {
    /** How long a container may take to report a failed write. After that the request is completed without a report. */
    private static final long REPORT_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long a container may take to complete one request before the next stream is ended. */
    private static final long COMPLETION_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long CHECK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final Queue<ClientWriter> unreported = new ConcurrentLinkedQueue<>();

    /** A stream has failed. Its request ends when the container reports the failure, or else some time later. */
    void reportDue(ClientWriter failed) {
        unreported.add(failed);
    }

    /** Completes the requests that the container had enough time to complete. */
    void completeOverdue(long now) {
        completeAllSince(now - REPORT_WITHIN_NANOS);
    }

    /** Completes the requests of streams that failed before a time. */
    void completeAllSince(long time) {
        unreported.removeIf(failed -> failed.completeIfUnreportedSince(time));
    }

    boolean isEmpty() {
        return unreported.isEmpty();
    }

    /** Gives the container time to complete one request. */
    static void await(ClientWriter writer, long deadline) {
        long start = System.nanoTime();
        while (writer.isCompletionDue()
                && System.nanoTime() - start < COMPLETION_NANOS
                && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(CHECK_NANOS);
        }
    }
}
