package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * The feed as seen through one filter, shared by all clients with that filter.
 *
 * <p>Threads: the tail writes what it says of matches; followers come and go from any thread.
 */
final class View {
    /** So many names are looked up faster in a segment than all that it holds is looked at. */
    private static final int FEW_NAMES = 8;

    final EventFilter filter;
    final Set<Follower> followers = ConcurrentHashMap.newKeySet();

    /** What is for a client that says no more of what it wants. */
    final Selection everybodys;

    private final Map<String, Boolean> verdicts;
    private final IntSupplier mostVerdicts;

    /** Added to by the tail; none where every frame is a match. */
    private final RecentMatches matches;

    /** Written by the tail: from this sequence on it has told the view of every match. */
    volatile long accountedFrom = Long.MAX_VALUE;

    /** Written by the tail before it publishes: the sequence after the last match. */
    volatile long lastMatch;

    /** The tail's alone: the sequence after the last match of the publications before the newest one. */
    long lastMatchBefore;

    /** The tail's alone: whether it takes the view into account. */
    boolean isIndexed;

    /** The tail's alone: the first match and the sequence after the last one, of what it has yet to publish. */
    long firstUnpublished = -1;

    long lastUnpublished;

    /**
     * A view that the tail is to know.
     *
     * @param mostVerdicts how many it may remember
     */
    View(EventFilter filter, IntSupplier mostVerdicts) {
        this(filter, mostVerdicts, filter.matchesEverything() ? null : new RecentMatches());
    }

    /** A view that remembers so many verdicts at most, and that the tail does not know. */
    View(EventFilter filter, int mostVerdicts) {
        this(filter, () -> mostVerdicts, null);
    }

    private View(EventFilter filter, IntSupplier mostVerdicts, RecentMatches matches) {
        this.filter = filter;
        this.mostVerdicts = mostVerdicts;
        this.matches = matches;
        this.verdicts = filter.matchesEverything() || filter.literalOnly() ? null : new ConcurrentHashMap<>();
        this.everybodys = isOfFewNames() ? null : Selection.ofEverybody(this);
    }

    /** The tail notes a match that it has yet to publish. */
    void mark(long sequence) {
        if (firstUnpublished < 0) {
            firstUnpublished = sequence;
        }
        lastUnpublished = sequence + 1;
        if (matches != null) {
            matches.add(sequence);
        }
    }

    /** The first match from a sequence on, published or not, {@link RecentMatches#NONE} or {@link RecentMatches#FORGOTTEN}. */
    long firstMatchFrom(long sequence) {
        return matches == null || sequence < accountedFrom ? RecentMatches.FORGOTTEN : matches.firstFrom(sequence);
    }

    /** Whether it is less effort to look up the names that pass than to look at each name. */
    boolean isOfFewNames() {
        return filter.literalOnly() && filter.literals().size() <= FEW_NAMES;
    }

    boolean matches(EventName name) {
        if (name == EventName.NONE) {
            return false;
        }
        return name == EventName.GAP || filter.matchesEverything() || matches(name.text);
    }

    /** How many verdicts on names it remembers. */
    int remembered() {
        return verdicts == null ? 0 : verdicts.size();
    }

    /** Nobody asks it any more. */
    void forgetVerdicts() {
        if (verdicts != null) {
            verdicts.clear();
        }
    }

    private boolean matches(String name) {
        if (verdicts == null) {
            return filter.matches(name);
        }
        Boolean known = verdicts.get(name);
        if (known == null) {
            if (verdicts.size() >= mostVerdicts.getAsInt()) {
                verdicts.clear();
            }
            known = filter.matches(name);
            verdicts.put(name, known);
        }
        return known;
    }
}
