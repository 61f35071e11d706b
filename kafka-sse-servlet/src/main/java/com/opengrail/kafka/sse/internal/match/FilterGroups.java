package com.opengrail.kafka.sse.internal.match;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.window.EventName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The filters of a feed's clients, and which clients a record wakes.
 *
 * <p>The tail does not know a new group at once. Between two polls it adds new groups to its index, notes from which
 * sequence on it reports every match to them, and wakes their clients. The clients examine what was appended before: at
 * once, because the next poll may take long, and again after the next publication.
 *
 * <p>Threads: {@link #join}, {@link #leave}, {@link #wakeOnEachPublication} and {@link #wakeOnMatches} from anywhere; all
 * else is the tail's.
 */
public final class FilterGroups {
    /** Roughly the number of verdicts that all groups remember together. */
    private static final int VERDICTS = 1 << 18;

    private static final int MOST_VERDICTS = 4096;
    private static final int LEAST_VERDICTS = 16;

    private final Map<EventFilter, FilterGroup> groups = new ConcurrentHashMap<>();

    /** New groups that the tail has to add to its index, and groups without clients that it has to remove. */
    private final Set<FilterGroup> changed = ConcurrentHashMap.newKeySet();

    private final Set<Wakeable> onEachPublication = ConcurrentHashMap.newKeySet();

    /** The tail's: the groups that it knows, and those that it wakes after the next publication. */
    private final FilterIndex index;

    private final Set<FilterGroup> toWake = new LinkedHashSet<>();

    /** The tail's: the sequence after the last frame that was not judged and is not published yet, or 0. */
    private long unjudgedTo;

    /** Groups with the clock by which the time for expressions is limited. */
    public FilterGroups(LongSupplier nanoTime) {
        this.index = new FilterIndex(nanoTime);
    }

    public FilterGroup join(EventFilter filter, Wakeable client) {
        return groups.compute(filter, (key, existing) -> {
            FilterGroup group = existing != null ? existing : new FilterGroup(filter, verdictsOfEach());
            group.clients().add(client);
            if (existing == null) {
                changed.add(group);
            }
            return group;
        });
    }

    private int verdictsOfEach() {
        int share = VERDICTS / Math.max(1, groups.size());
        return Integer.highestOneBit(Math.max(LEAST_VERDICTS, Math.min(MOST_VERDICTS, share)));
    }

    public void leave(FilterGroup group, Wakeable client) {
        onEachPublication.remove(client);
        groups.computeIfPresent(group.filter(), (key, existing) -> {
            // If the client has left before, there may be a new group with this filter by now.
            if (existing != group) {
                return existing;
            }
            group.clients().remove(client);
            if (!group.clients().isEmpty()) {
                return group;
            }
            // If the tail has not added the group yet, it need not. Otherwise it has to remove it.
            if (!changed.remove(group)) {
                changed.add(group);
            }
            return null;
        });
        if (group.clients().isEmpty()) {
            group.forgetHistory();
        }
    }

    /** Adds a client that is woken by every publication, until it has seen everything up to the window's position. */
    public void wakeOnEachPublication(Wakeable client) {
        onEachPublication.add(client);
    }

    public void wakeOnMatches(Wakeable client) {
        onEachPublication.remove(client);
    }

    /** Adds new groups, whose matches count from a sequence on, and removes groups without clients. */
    public void absorb(long sequence) {
        if (changed.isEmpty()) {
            return;
        }
        for (FilterGroup group : List.copyOf(changed)) {
            if (changed.remove(group)) {
                absorb(group, sequence);
            }
        }
        toWake.forEach(FilterGroup::wakeClients);
    }

    private void absorb(FilterGroup group, long sequence) {
        if (group.isIndexed()) {
            index.remove(group);
            group.forget();
        } else {
            index.add(group);
            group.accountFrom(sequence);
            toWake.add(group);
        }
    }

    public void mark(EventName name, long sequence) {
        for (FilterGroup group : index.of(name)) {
            group.mark(sequence);
            toWake.add(group);
        }
        if (!index.hasJudged()) {
            unjudgedTo = sequence + 1;
        }
    }

    /** Tells the groups which frames were not judged. Then the tail publishes, and after that it wakes. */
    public void beforePublish() {
        if (unjudgedTo > 0) {
            // As if the groups were new: their clients examine the frames before that sequence.
            for (FilterGroup group : index.withExpressions()) {
                group.accountNotBefore(unjudgedTo);
                toWake.add(group);
            }
            unjudgedTo = 0;
        }
        index.release();
    }

    /** Wakes the clients that the published frames are for. */
    public void wake() {
        toWake.forEach(FilterGroup::wakeClients);
        toWake.clear();
    }

    /** Wakes the clients that wait until the window's position reaches theirs. */
    public void wakeAfterPublication() {
        onEachPublication.forEach(Wakeable::wake);
    }

    public void wakeAll() {
        groups.values().forEach(FilterGroup::wakeClients);
    }
}
