package com.opengrail.kafka.sse.internal.threads;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * What waits, by payer. Payers take turns, so that one for whom much waits does not hold up the others.
 *
 * <p>Threads: not safe; its owner sees to that.
 */
public final class PayerTurns<T> {
    /** In the order of the turns. No queue is empty. */
    private final Map<String, Queue<T>> waiting = new LinkedHashMap<>();

    public void add(String payer, T last) {
        waiting.computeIfAbsent(payer, any -> new ArrayDeque<>()).add(last);
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
        return poll(any -> true);
    }

    /** Takes the next in turn of those payers that may have it, or {@code null}. None is asked after the first that may. */
    public T poll(Predicate<String> may) {
        for (String payer : waiting.keySet()) {
            if (may.test(payer)) {
                return take(payer, waiting.get(payer).element());
            }
        }
        return null;
    }

    /** Takes the first in turn that its payer may have, or {@code null}. None is asked about after the first that it may. */
    public T poll(BiPredicate<String, ? super T> may) {
        for (Map.Entry<String, Queue<T>> each : waiting.entrySet()) {
            for (T next : each.getValue()) {
                if (may.test(each.getKey(), next)) {
                    return take(each.getKey(), next);
                }
            }
        }
        return null;
    }

    /** The payer's next turn comes after those of all others. */
    private T take(String payer, T next) {
        Queue<T> ofPayer = waiting.remove(payer);
        ofPayer.remove(next);
        if (!ofPayer.isEmpty()) {
            waiting.put(payer, ofPayer);
        }
        return next;
    }

    /** True if it was waiting. */
    public boolean remove(String payer, T gone) {
        Queue<T> ofPayer = waiting.get(payer);
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
