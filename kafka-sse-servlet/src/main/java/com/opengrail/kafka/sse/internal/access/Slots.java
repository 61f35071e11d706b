package com.opengrail.kafka.sse.internal.access;

import com.opengrail.kafka.sse.internal.metrics.RefusalReason;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the streams in all, of each address and of each user, and limits them.
 *
 * <p>Threads: safe. A slot is taken before a stream opens, and given back when it is over.
 */
public final class Slots {
    private final ConnectionLimits limits;
    private final AtomicInteger total = new AtomicInteger();
    private final Map<String, Integer> perAddress = new ConcurrentHashMap<>();
    private final Map<String, Integer> perUser = new ConcurrentHashMap<>();

    public Slots(ConnectionLimits limits) {
        this.limits = limits;
    }

    /**
     * Takes a slot for one more stream, if the limits allow it.
     *
     * @param address the remote address, or {@code null} if the container tells none
     * @param user the name of the user, or {@code null}
     */
    public Slot take(String address, String user) {
        String network = RemoteAddress.networkOf(address);
        if (total.incrementAndGet() > limits.total() && limits.total() > 0) {
            total.decrementAndGet();
            return Slot.refused(RefusalReason.MAX_CONNECTIONS);
        }
        if (!take(perAddress, limits.perAddress(), network)) {
            total.decrementAndGet();
            return Slot.refused(RefusalReason.MAX_CONNECTIONS_PER_ADDRESS);
        }
        if (!take(perUser, limits.perUser(), user)) {
            free(perAddress, limits.perAddress(), network);
            total.decrementAndGet();
            return Slot.refused(RefusalReason.MAX_CONNECTIONS_PER_USER);
        }
        return Slot.taken(this, address == null ? network : address, network, user);
    }

    /** True if there is a slot for one more stream at this moment. Nothing is taken. */
    public boolean isFree(String address, String user) {
        return isBelow(limits.total(), total.get())
                && isBelow(limits.perAddress(), perAddress, RemoteAddress.networkOf(address))
                && isBelow(limits.perUser(), perUser, user);
    }

    private static boolean isBelow(int limit, Map<String, Integer> counts, String key) {
        return key == null || isBelow(limit, counts.getOrDefault(key, 0));
    }

    private static boolean isBelow(int limit, int count) {
        return limit == 0 || count < limit;
    }

    /** Called once for each slot, by the slot. */
    void free(String network, String user) {
        total.decrementAndGet();
        free(perAddress, limits.perAddress(), network);
        free(perUser, limits.perUser(), user);
    }

    private static boolean take(Map<String, Integer> counts, int limit, String key) {
        if (limit == 0 || key == null) {
            return true;
        }
        if (counts.merge(key, 1, Integer::sum) <= limit) {
            return true;
        }
        free(counts, limit, key);
        return false;
    }

    private static void free(Map<String, Integer> counts, int limit, String key) {
        if (limit > 0 && key != null) {
            counts.computeIfPresent(key, (any, count) -> count == 1 ? null : (Integer) (count - 1));
        }
    }
}
