package com.opengrail.kafka.sse.internal.client;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is due for a client.
 *
 * <p>Threads: safe. Any thread adds. The holder of the client does the work. It takes away keep-alives
 * alone, which become due again.
 */
final class Due {
    /** To open the stream without a position. */
    static final int OPENING = 1;

    static final int KEEP_ALIVE = 2;
    static final int END = 4;

    private final AtomicInteger all = new AtomicInteger();

    boolean isAny(int what) {
        return (all.get() & what) != 0;
    }

    /** True if it was not there before. */
    boolean add(int what) {
        return (all.getAndUpdate(now -> now | what) & what) == 0;
    }

    void keepAliveDone() {
        all.getAndUpdate(now -> now & ~KEEP_ALIVE);
    }
}
