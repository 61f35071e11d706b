package com.opengrail.kafka.sse.internal.match;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.window.EventName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The filters of a feed's clients, and whom a record wakes.
 *
 * <p>The tail does not know a new group at once. Between two polls it takes new groups into account, says from which sequence
 * on it tells them of every match, and wakes their clients. They look at what was appended before: at once, since the next
 * poll may last, and again after the next publication.
 *
 * <p>Threads: {@link #join}, {@link #leave} and the unsettled from anywhere; all else is the tail's.
 */
public final class FilterGroups {
    /** What all groups together remember of verdicts on names, roughly. */
    private static final int VERDICTS = 1 << 18;

    private static final int MOST_VERDICTS = 4096;
    private static final int LEAST_VERDICTS = 16;

    private final Map<EventFilter, FilterGroup> groups = new ConcurrentHashMap<>();

    /** New groups that the tail is to take into account, and groups without clients that it is to forget. */
    private final Set<FilterGroup> changed = ConcurrentHashMap.newKeySet();

    private final Set<Wakeable> unsettled = ConcurrentHashMap.newKeySet();

    /** The tail's: the groups that it takes into account, and what it has yet to tell them. */
    private final FilterIndex index = new FilterIndex();

    private final List<FilterGroup> fresh = new ArrayList<>();
    private final List<FilterGroup> touched = new ArrayList<>();

    public FilterGroup join(EventFilter filter, Wakeable client) {
        while (true) {
            FilterGroup there = groups.computeIfPresent(filter, (key, existing) -> {
                existing.clients().add(client);
                return existing;
            });
            FilterGroup joined = there == null ? make(filter, client) : there;
            if (joined != null) {
                return joined;
            }
        }
    }

    /** Makes a group that was not there; {@code null} if another thread was faster. */
    private FilterGroup make(EventFilter filter, Wakeable client) {
        FilterGroup group = FilterGroup.ofFeed(filter, verdictsOfEach());
        group.clients().add(client);
        if (groups.putIfAbsent(filter, group) != null) {
            return null;
        }
        changed.add(group);
        return group;
    }

    private int verdictsOfEach() {
        int share = VERDICTS / Math.max(1, groups.size());
        return Integer.highestOneBit(Math.max(LEAST_VERDICTS, Math.min(MOST_VERDICTS, share)));
    }

    public void leave(FilterGroup group, Wakeable client) {
        unsettled.remove(client);
        groups.computeIfPresent(group.filter(), (key, existing) -> {
            // One that has left before may have left a group that is another by now.
            if (existing != group) {
                return existing;
            }
            group.clients().remove(client);
            if (!group.clients().isEmpty()) {
                return group;
            }
            // If the tail has not come to it yet, it need not; otherwise it has to forget it.
            if (!changed.remove(group)) {
                changed.add(group);
            }
            return null;
        });
    }

    /** Adds a client that every publication wakes until the client has seen everything up to the window's position. */
    public void unsettled(Wakeable client) {
        unsettled.add(client);
    }

    public void settled(Wakeable client) {
        unsettled.remove(client);
    }

    /** Takes new groups into account from a sequence on, and forgets those without clients. */
    public void absorb(long sequence) {
        if (changed.isEmpty()) {
            return;
        }
        for (FilterGroup group : List.copyOf(changed)) {
            if (changed.remove(group)) {
                absorb(group, sequence);
            }
        }
        fresh.forEach(FilterGroup::wakeClients);
    }

    private void absorb(FilterGroup group, long sequence) {
        if (group.isIndexed()) {
            index.remove(group);
            group.forget();
        } else {
            index.add(group);
            group.accountFrom(sequence);
            fresh.add(group);
        }
    }

    /** Notes for whom a frame is. */
    public void mark(EventName name, long sequence) {
        for (FilterGroup group : index.of(name)) {
            if (group.mark(sequence)) {
                touched.add(group);
            }
        }
    }

    /** Tells the groups of their matches. The tail publishes after this, and wakes after that. */
    public void beforePublish() {
        touched.forEach(FilterGroup::beforePublish);
    }

    /** Wakes those whom the published frames are for. */
    public void wake() {
        touched.forEach(FilterGroup::wakeClients);
        touched.clear();
        fresh.forEach(FilterGroup::wakeClients);
        fresh.clear();
    }

    /** Wakes the clients that wait until the window's position reaches theirs. */
    public void wakeUnsettled() {
        unsettled.forEach(Wakeable::wake);
    }

    /** Wakes everybody, whatever they filter for. */
    public void wakeAll() {
        groups.values().forEach(FilterGroup::wakeClients);
    }
}
