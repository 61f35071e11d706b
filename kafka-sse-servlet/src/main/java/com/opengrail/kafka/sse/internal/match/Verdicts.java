package com.opengrail.kafka.sse.internal.match;

import com.opengrail.kafka.sse.internal.window.EventName;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Recent verdicts of a filter on names. Names are remembered by their numbers, so a verdict costs eight bytes, whatever
 * the name. Names with the same slot overwrite each other's verdict.
 *
 * <p>Threads: safe. Two threads that judge the same name at once both do the work.
 */
final class Verdicts {
    /** The number of a name, and two bits: it passes, and the verdict is known. */
    private final AtomicLongArray verdicts;

    /** An empty memory for so many verdicts, a power of two. */
    Verdicts(int capacity) {
        verdicts = new AtomicLongArray(capacity);
    }

    /** 1 if the name passes, 0 if it does not, -1 if that is not known. */
    int of(EventName name) {
        long verdict = verdicts.getOpaque(slot(name));
        return verdict >>> 2 == name.number() && (verdict & 1) != 0 ? (int) (verdict >>> 1 & 1) : -1;
    }

    void remember(EventName name, boolean passes) {
        verdicts.setOpaque(slot(name), name.number() << 2 | (passes ? 2 : 0) | 1);
    }

    private int slot(EventName name) {
        return (int) name.number() & verdicts.length() - 1;
    }
}
