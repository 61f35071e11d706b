package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * The filters that the clients of a feed have, and whom a record wakes.
 *
 * <p>A view that has just been made is not yet taken into account by the tail. It takes new views in between two polls,
 * says from which sequence on it has told them of every match, and wakes their followers, who look at what was
 * appended before themselves: at once, since the next poll may last, and after the next publication for what that shows.
 *
 * <p>Threads: {@link #join}, {@link #leave} and the unsettled from anywhere; all else is the tail's.
 */
final class FilterViews {
    /** What all views together remember of verdicts on names, roughly. */
    private static final int VERDICTS = 1 << 18;

    private static final int MOST_VERDICTS = 4096;
    private static final int LEAST_VERDICTS = 16;

    private final Map<EventFilter, View> views = new ConcurrentHashMap<>();

    /** The views that the tail is to take into account, and of those that it has, the ones that nobody follows any more. */
    private final Set<View> changed = ConcurrentHashMap.newKeySet();

    private final Set<Follower> unsettled = ConcurrentHashMap.newKeySet();
    private final IntSupplier verdicts = this::verdictsOfEach;

    /** The tail's: the views that it takes into account, and what it has yet to tell them. */
    private final ViewIndex index = new ViewIndex();

    private final List<View> fresh = new ArrayList<>();
    private final List<View> touched = new ArrayList<>();

    View join(EventFilter filter, Follower follower) {
        while (true) {
            View there = views.computeIfPresent(filter, (key, existing) -> {
                existing.followers.add(follower);
                return existing;
            });
            View joined = there == null ? make(filter, follower) : there;
            if (joined != null) {
                return joined;
            }
        }
    }

    /** Makes a view that has not been there; {@code null} if somebody else has done so meanwhile. */
    private View make(EventFilter filter, Follower follower) {
        View view = new View(filter, verdicts);
        view.followers.add(follower);
        if (views.putIfAbsent(filter, view) != null) {
            return null;
        }
        // Only now that the tail finds it among all views: what it marks for everybody is then for this one too.
        changed.add(view);
        return view;
    }

    void leave(View view, Follower follower) {
        unsettled.remove(follower);
        views.computeIfPresent(view.filter, (key, existing) -> {
            // One that has left before may have left a view that is another by now.
            if (existing != view) {
                return existing;
            }
            view.followers.remove(follower);
            if (!view.followers.isEmpty()) {
                return view;
            }
            // Where the tail has not come to it yet, it need not; otherwise it has to forget it.
            if (!changed.remove(view)) {
                changed.add(view);
            }
            return null;
        });
    }

    private int verdictsOfEach() {
        return Math.max(LEAST_VERDICTS, Math.min(MOST_VERDICTS, VERDICTS / Math.max(1, views.size())));
    }

    /** A follower that is to be woken by everything, until it has seen all that the window's position stands for. */
    void unsettled(Follower follower) {
        unsettled.add(follower);
    }

    void settled(Follower follower) {
        unsettled.remove(follower);
    }

    /** Takes new views into account from a sequence on, and forgets those that nobody follows. */
    void absorb(long sequence) {
        if (changed.isEmpty()) {
            return;
        }
        for (View view : changed) {
            if (!changed.remove(view)) {
                continue;
            }
            if (view.isIndexed) {
                index.remove(view);
            } else {
                index.add(view);
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
        for (View view : index.of(name)) {
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
