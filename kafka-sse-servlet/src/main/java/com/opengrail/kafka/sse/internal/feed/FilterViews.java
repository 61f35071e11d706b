package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The filters that the clients of a feed have, and whom a record wakes: literal names are looked up, expressions are
 * evaluated once per name.
 *
 * <p>A view that has just been made is not yet taken into account by the tail. It takes new views in between two polls,
 * says from which sequence on it has told them of every match, and wakes their followers, who look at what was
 * appended before themselves: at once, since the next poll may last, and after the next publication for what that shows.
 *
 * <p>Threads: {@link #join}, {@link #leave} and the unsettled from anywhere; all else is the tail's.
 */
final class FilterViews {
    private final Map<EventFilter, View> views = new ConcurrentHashMap<>();
    private final Set<Follower> unsettled = ConcurrentHashMap.newKeySet();
    private final AtomicLong changes = new AtomicLong();

    /** The tail's: the views that it takes into account, and what it has yet to tell them. */
    private final Map<String, List<View>> byLiteral = new HashMap<>();

    private final List<View> byExpression = new ArrayList<>();
    private final List<View> fresh = new ArrayList<>();
    private final List<View> touched = new ArrayList<>();
    private long version;

    View join(EventFilter filter, Follower follower) {
        View joined = views.compute(filter, (key, existing) -> {
            View view = existing == null ? new View(filter) : existing;
            view.followers.add(follower);
            return view;
        });
        if (joined.accountedFrom == Long.MAX_VALUE) {
            // Only now that the tail finds it: told sooner, the tail might look without finding it, and not look again.
            changes.incrementAndGet();
        }
        return joined;
    }

    void leave(View view, Follower follower) {
        unsettled.remove(follower);
        views.computeIfPresent(view.filter, (key, existing) -> {
            existing.followers.remove(follower);
            if (existing.followers.isEmpty()) {
                changes.incrementAndGet();
                return null;
            }
            return existing;
        });
    }

    /** A follower that is to be woken by everything, until it has seen all that the window's position stands for. */
    void unsettled(Follower follower) {
        unsettled.add(follower);
    }

    void settled(Follower follower) {
        unsettled.remove(follower);
    }

    /** Takes new views into account from a sequence on. */
    void absorb(long sequence) {
        long now = changes.get();
        if (now == version) {
            return;
        }
        version = now;
        byLiteral.clear();
        byExpression.clear();
        for (View view : views.values()) {
            if (view.filter.literalOnly()) {
                view.filter
                        .literals()
                        .forEach(name -> byLiteral
                                .computeIfAbsent(name, any -> new ArrayList<>())
                                .add(view));
            } else {
                byExpression.add(view);
            }
            if (view.accountedFrom == Long.MAX_VALUE) {
                view.accountedFrom = sequence;
                fresh.add(view);
            }
        }
        wakeFresh();
    }

    private void wakeFresh() {
        for (View view : fresh) {
            view.followers.forEach(follower -> follower.wake(Cursor.NO_SKIP));
        }
    }

    /** Notes for whom a frame is. */
    void mark(EventName name, long sequence) {
        if (name.viewsVersion != version) {
            name.views = viewsOf(name);
            name.viewsVersion = version;
        }
        for (View view : name.views) {
            mark(view, sequence);
        }
    }

    /** Notes a frame that is for everybody. */
    void markAll(long sequence) {
        views.values().forEach(view -> mark(view, sequence));
    }

    private void mark(View view, long sequence) {
        if (view.firstUnpublished < 0) {
            touched.add(view);
        }
        view.mark(sequence);
    }

    private View[] viewsOf(EventName name) {
        List<View> matching = new ArrayList<>(byLiteral.getOrDefault(name.text, List.of()));
        for (View view : byExpression) {
            if (view.matches(name)) {
                matching.add(view);
            }
        }
        return matching.toArray(View[]::new);
    }

    /** Tells the views of their matches; the tail publishes after this and wakes after that. */
    void beforePublish() {
        for (int i = 0; i < touched.size(); i++) {
            View view = touched.get(i);
            view.lastMatchBefore = view.lastMatch;
            view.lastMatch = view.lastUnpublished;
        }
    }

    /** Wakes whom the published frames are for. */
    void wake() {
        for (int i = 0; i < touched.size(); i++) {
            View view = touched.get(i);
            long first = view.firstUnpublished;
            view.firstUnpublished = -1;
            for (Follower follower : view.followers) {
                follower.wake(first);
            }
        }
        touched.clear();
        wakeFresh();
        fresh.clear();
    }

    /** Wakes those who wait for the window's position to come up to theirs. */
    void wakeUnsettled() {
        for (Follower follower : unsettled) {
            follower.wake(Cursor.NO_SKIP);
        }
    }
}
