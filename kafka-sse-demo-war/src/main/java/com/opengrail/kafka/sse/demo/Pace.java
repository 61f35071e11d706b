package com.opengrail.kafka.sse.demo;

import java.util.concurrent.TimeUnit;

/** How many events are due, so that a steady rate results however unevenly it is asked. Used by one thread. */
final class Pace {
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final double rate;
    private long start;
    private long given;

    Pace(double rate, long nowNanos) {
        this.rate = rate;
        this.start = nowNanos;
    }

    /** The number of events due since the last call; what piled up over more than a second is forgone. */
    int due(long nowNanos) {
        long due = (long) ((nowNanos - start) / SECOND * rate) - given;
        if (due > Math.max(1, rate)) {
            start = nowNanos;
            given = 0;
            return (int) Math.max(1, rate);
        }
        given += due;
        return (int) due;
    }
}
