package com.opengrail.kafka.sse.internal.threads;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * What waits, by payer. Payers take turns, so that one for whom much waits does not hold up the others.
 *
 * <p>Threads: not safe; its owner sees to that.
 */
public final class PayerTurns<T> {
    /** In the order of the turns. None is empty. Sets, because thousands may wait, and be taken out one by one. */
    private final Map<String, Set<T>> waiting = new LinkedHashMap<>();

    /** Comes after all others of its payer, unless it waits already. */
    public void add(String payer, T last) {
        waiting.computeIfAbsent(payer, any -> new LinkedHashSet<>()).add(last);
    }

    /** The payer of all that waits, or {@code null} if there are several or none. */
    public String onlyPayer() {
        return waiting.size() == 1 ? waiting.keySet().iterator().next() : null;
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Takes the next in turn, or {@code null}. */
    public T poll() {
        return poll((payer, next) -> true);
    }

    /**
     * Takes the next in turn of those payers that may have theirs, or {@code null}. Asks about the first of each payer alone, and
     * about none after the one that is taken.
     */
    public T poll(BiPredicate<String, ? super T> may) {
        for (Map.Entry<String, Set<T>> each : waiting.entrySet()) {
            T next = each.getValue().iterator().next();
            if (may.test(each.getKey(), next)) {
                endTurn(each.getKey(), next);
                return next;
            }
        }
        return null;
    }

    /** The payer's next turn comes after those of all others. */
    private void endTurn(String payer, T taken) {
        Set<T> ofPayer = waiting.remove(payer);
        ofPayer.remove(taken);
        if (!ofPayer.isEmpty()) {
            waiting.put(payer, ofPayer);
        }
    }

    /** True if it was waiting. */
    public boolean remove(String payer, T gone) {
        Set<T> ofPayer = waiting.get(payer);
        boolean wasWaiting = ofPayer != null && ofPayer.remove(gone);
        if (wasWaiting && ofPayer.isEmpty()) {
            waiting.remove(payer);
        }
        return wasWaiting;
    }

    public void removeIf(Predicate<? super T> isGone) {
        waiting.values().removeIf(ofPayer -> {
            ofPayer.removeIf(isGone);
            return ofPayer.isEmpty();
        });
    }
}
