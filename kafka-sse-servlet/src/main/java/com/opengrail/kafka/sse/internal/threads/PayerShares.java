package com.opengrail.kafka.sse.internal.threads;

import java.util.HashMap;
import java.util.Map;

/**
 * Divides something that there is little of among payers, so that one of them does not take all.
 *
 * <p>Limits: a payer may have three times as much as is free. So one payer leaves a quarter to others, and two leave a seventh.
 * Switches share their buffers among ports in this way (dynamic thresholds).
 *
 * <p>Threads: safe. The lock is held for a few assignments.
 */
public final class PayerShares {
    private static final int SHARE_OF_FREE = 3;

    /** Without those that have nothing. */
    private final Map<String, Long> taken = new HashMap<>();

    private long free;

    public PayerShares(long all) {
        this.free = all;
    }

    /** Takes a part; false if the payer may not have it now. */
    public synchronized boolean take(String payer, long part) {
        long ofPayer = taken.getOrDefault(payer, 0L) + part;
        if (!allows(ofPayer, part)) {
            return false;
        }
        free -= part;
        taken.put(payer, ofPayer);
        return true;
    }

    /** True if a payer that has nothing may have a part. If not, nobody may. */
    public synchronized boolean hasRoomFor(long part) {
        return allows(part, part);
    }

    private boolean allows(long ofPayer, long part) {
        return ofPayer <= SHARE_OF_FREE * (free - part);
    }

    public synchronized void release(String payer, long part) {
        free += part;
        taken.computeIfPresent(payer, (any, ofPayer) -> ofPayer == part ? null : ofPayer - part);
    }
}
