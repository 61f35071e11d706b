package com.opengrail.kafka.sse.internal.match;

/** Something that waits for frames. */
@FunctionalInterface
public interface Wakeable {

    /** There are frames for it, or there may be. Called by the thread that appends them; must not block. */
    void wake();
}
