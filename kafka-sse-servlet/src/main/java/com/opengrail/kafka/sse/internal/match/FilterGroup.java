package com.opengrail.kafka.sse.internal.match;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.gzip.ByteBudget;
import com.opengrail.kafka.sse.internal.gzip.CompressedGroup;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.window.EventName;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The clients of a feed that have the same filter. They share its verdicts, and a record wakes them together.
 *
 * <p>Threads: the tail writes what it knows of matches. Clients come and go on any thread.
 */
public final class FilterGroup {
    /** To look up so many names in a segment is faster than to examine all its frames. */
    private static final int FEW_NAMES = 8;

    /** Matches nothing: no event name has a NUL. */
    private static final EventFilter NOTHING = EventFilter.parse("\0");

    private final Set<Wakeable> clients = ConcurrentHashMap.newKeySet();
    private final Selection selection;

    /**
     * Replaced when the group has lost its last client: the index keeps the group for a while, and a compiled filter is
     * large.
     */
    private volatile EventFilter filter;

    private volatile Verdicts verdicts;

    /** Written under the lock by the first client that gets compressed bytes. */
    private volatile CompressedGroup compressed;

    /** Written by the tail. */
    private final RecentMatches matches = new RecentMatches();

    /** Written by the tail: it has noted every match from this sequence on. */
    private volatile long accountedFrom = Long.MAX_VALUE;

    /** The tail's: true if the index holds the group. */
    private boolean indexed;

    /** A group of a feed, or one for a single client that is fed from Kafka. */
    public FilterGroup(EventFilter filter, int verdicts) {
        this.filter = filter;
        this.verdicts = filter.matchesEverything() || filter.literalOnly() ? null : new Verdicts(verdicts);
        this.selection = filter.matchesEverything() ? new Selection(this, null) : null;
    }

    /** The state of compression that the clients share. */
    public CompressedGroup compressed(Compressors compressors, ByteBudget memory) {
        CompressedGroup made = compressed;
        return made != null ? made : makeCompressed(compressors, memory);
    }

    /** The last client has left. What has been compressed stays with the segments. */
    void forgetHistory() {
        CompressedGroup made = compressed;
        if (made != null) {
            made.forgetHistory();
        }
    }

    private synchronized CompressedGroup makeCompressed(Compressors compressors, ByteBudget memory) {
        if (compressed == null) {
            compressed = CompressedGroup.ofClients(compressors, memory);
        }
        return compressed;
    }

    Set<Wakeable> clients() {
        return clients;
    }

    EventFilter filter() {
        return filter;
    }

    /** The selection that the clients of this group without a predicate share; {@code null} if each judges for itself. */
    Selection selection() {
        return selection;
    }

    boolean isIndexed() {
        return indexed;
    }

    void setIndexed(boolean is) {
        indexed = is;
    }

    /** True if it is faster to look up the names that pass than to examine each frame. */
    boolean isOfFewNames() {
        return filter.literalOnly() && filter.literals().size() <= FEW_NAMES;
    }

    /** The tail notes every match from a sequence on. */
    void accountFrom(long sequence) {
        accountedFrom = sequence;
    }

    /** The tail has not noted all matches before a sequence. From there on it answers for no more than it did. */
    void accountNotBefore(long sequence) {
        accountedFrom = Math.max(accountedFrom, sequence);
    }

    /** The tail notes a match that is not published yet. */
    void mark(long sequence) {
        matches.add(sequence);
    }

    void wakeClients() {
        clients.forEach(Wakeable::wake);
    }

    /**
     * The first match from a sequence on, published or not, {@link RecentMatches#NONE} or
     * {@link RecentMatches#FORGOTTEN}.
     */
    public long firstMatchFrom(long sequence) {
        return sequence < accountedFrom ? RecentMatches.FORGOTTEN : matches.firstFrom(sequence);
    }

    boolean matches(EventName name) {
        return matches(name, null);
    }

    /**
     * True if events with a name pass. An expensive check is reported to the turn, if there is one.
     *
     * @throws com.opengrail.kafka.sse.internal.filter.GaveUpException if the check takes too long for the turn
     */
    boolean matches(EventName name, Turn turn) {
        if (name == EventName.NONE) {
            return false;
        }
        EventFilter asked = filter;
        Verdicts known = verdicts;
        if (known == null) {
            return asked.matches(name.text());
        }
        int verdict = known.of(name);
        if (verdict >= 0) {
            return verdict == 1;
        }
        if (turn != null) {
            turn.evaluates();
        }
        boolean passes =
                turn != null && name.isLong() ? asked.matches(name.text(), turn::givesUp) : asked.matches(name.text());
        known.remember(name, passes);
        return passes;
    }

    /** Gives back what the evaluation of large expressions has left in memory. */
    void release() {
        filter.release();
    }

    /** The group is not used any more and drops its filter. */
    void forget() {
        verdicts = null;
        compressed = null;
        filter = NOTHING;
    }
}
