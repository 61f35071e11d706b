package com.opengrail.kafka.sse.internal.match;

/** Something that waits for frames. */
@FunctionalInterface
public interface Wakeable {

    /** There may be frames for it. Called by the thread that appends them, so it must not block. */
    void wake();
}
