package com.opengrail.kafka.sse.internal.match;

import com.opengrail.kafka.sse.internal.window.EventName;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Whether names pass a filter, as found lately. Names are remembered by their numbers, so a verdict costs eight bytes
 * whatever the name. Names with the same slot overwrite each other's verdict.
 *
 * <p>Threads: safe; two threads that judge the same name at once both do the work.
 */
final class Verdicts {
    /** Number, then two bits: known, passes. */
    private final AtomicLongArray verdicts;

    /**
     * Verdicts.
     *
     * @param capacity a power of two
     */
    Verdicts(int capacity) {
        verdicts = new AtomicLongArray(capacity);
    }

    /** 1 if the name is known to pass, 0 if not to, -1 if that is not known. */
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
