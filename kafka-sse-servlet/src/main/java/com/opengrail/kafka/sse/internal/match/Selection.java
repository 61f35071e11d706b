package com.opengrail.kafka.sse.internal.match;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.GaveUpException;
import com.opengrail.kafka.sse.internal.window.NamedFrames;
import com.opengrail.kafka.sse.internal.window.Segment;
import com.opengrail.kafka.sse.internal.wire.EncodedEvent;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import java.util.BitSet;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/**
 * Selects the frames for one client. Their name has to pass the client's filter. If the application has a predicate for
 * the client, the event has to pass it too.
 *
 * <p>All frames of a record are judged before any of them is taken, and the predicate gives one answer for each event. Names
 * cost nothing more than the group's verdicts.
 *
 * <p>Threads: not safe; belongs to its cursor. The selection of a group remembers nothing, and any thread may use it.
 */
public final class Selection {
    /** What {@link #judge} gives for a record that could not be judged in the turn. */
    public static final int UNKNOWN = -1;

    private final FilterGroup group;
    private final Predicate<? super SseEvent> predicate;
    private final boolean looksUp;

    /** The frames of the segment by their names, if names are looked up. */
    private NamedFrames named;

    /** The record that is judged, or was judged last: its partition, its offset, and the number of its frames. */
    private int partition;

    private long offset;
    private int size;

    /** The segment of that record, and its first frame there; {@code null} while the client waits for its next turn. */
    private Segment judgedIn;

    private int judgedFrom;

    /**
     * What has been judged of the record, once its segment was forgotten. The record that is read at its offset next may be
     * another one: the topic may have been truncated or created anew.
     */
    private long judgedBytes;

    /** The frames of the record that have a verdict, from its first on. */
    private int judged;

    /** {@code null} if everything is taken. */
    private final BitSet verdicts;

    /** A selection of its own; if it takes everything, all clients of the group may share it. */
    Selection(FilterGroup group, Predicate<? super SseEvent> predicate) {
        this.group = group;
        this.predicate = predicate;
        this.looksUp = group.isOfFewNames();
        this.verdicts = takesEverything() ? null : new BitSet();
    }

    /** A selection for one client, or that of the group if nothing has to be remembered for the client. */
    public static Selection of(FilterGroup group, Predicate<? super SseEvent> predicate) {
        return predicate == null && group.selection() != null ? group.selection() : new Selection(group, predicate);
    }

    /**
     * Enters the segment that is judged from now on.
     *
     * @param isComplete true if nothing is appended to it any more
     */
    public void enter(Segment segment, boolean isComplete) {
        if (looksUp) {
            named = isComplete ? segment.byName() : null;
        }
        if (judgedIn != segment) {
            letGoOfJudged();
        }
    }

    /** The first frame at or after a given one that may be for the client. The frames in between are not. */
    public int candidate(int from) {
        return named == null ? from : named.next(group.filter().literals(), from);
    }

    /** True if the client gets the same frames as its group, because it has no predicate. */
    public boolean isOfGroup() {
        return predicate == null;
    }

    /** True if all events are for the client, so that nothing has to be judged. */
    public boolean takesEverything() {
        return predicate == null && group.filter().matchesEverything();
    }

    /**
     * Counts the frames of a record that are for the client. A record may have many, so it goes on where the turn before was
     * over.
     *
     * @param turn notes expensive checks
     * @return the number, or {@link #UNKNOWN} if that takes longer than the turn may; then the turn is over
     * @throws PredicateFailure if the application's predicate failed; it will be asked again for the same event
     */
    public int judge(Segment segment, int first, int last, Turn turn) {
        try {
            return verdicts == null || predicate == null && first == last
                    ? judgeAtOnce(segment, first, last, turn)
                    : judgeRest(segment, first, last, turn);
        } catch (GaveUpException e) {
            turn.stop();
            return UNKNOWN;
        }
    }

    private int judgeAtOnce(Segment segment, int first, int last, Turn turn) {
        int count = 0;
        for (int frame = first; frame <= last; frame++) {
            count += group.matches(segment.name(frame), turn) ? 1 : 0;
        }
        return count;
    }

    private int judgeRest(Segment segment, int first, int last, Turn turn) {
        begin(segment, first, last + 1 - first);
        // One at least, or a turn without time would be followed by others like it.
        int begun = judged;
        while (judged < size) {
            if (judged > begun && turn.isOver()) {
                return UNKNOWN;
            }
            verdicts.set(judged, isFor(segment, first + judged, turn));
            judged++;
        }
        return verdicts.cardinality();
    }

    private void begin(Segment segment, int first, int itsSize) {
        if (!isJudgedLast(segment, first, itsSize)) {
            partition = segment.partition(first);
            offset = segment.offset(first);
            size = itsSize;
            judged = 0;
            verdicts.clear();
        }
        judgedIn = segment;
        judgedFrom = first;
    }

    private boolean isJudgedLast(Segment segment, int first, int itsSize) {
        return segment.partition(first) == partition
                && segment.offset(first) == offset
                && itsSize == size
                && (judgedIn == null
                        ? checksum(segment, first) == judgedBytes
                        : judgedIn == segment && judgedFrom == first);
    }

    /** Of the events that have been judged. */
    private long checksum(Segment segment, int first) {
        CRC32C checksum = new CRC32C();
        for (int frame = first; frame < first + judged; frame++) {
            int body = segment.body(frame);
            checksum.update(segment.bytes(), body, segment.end(frame) - body);
        }
        return checksum.getValue();
    }

    private boolean isFor(Segment segment, int frame, Turn turn) {
        if (!group.matches(segment.name(frame), turn)) {
            return false;
        }
        if (predicate == null) {
            return true;
        }
        turn.asks();
        return isWanted(segment, frame);
    }

    private boolean isWanted(Segment segment, int frame) {
        SseEvent event = EncodedEvent.decode(segment.bytes(), segment.body(frame), segment.end(frame));
        try {
            return predicate.test(event);
        } catch (Throwable e) {
            throw new PredicateFailure(e);
        }
    }

    /** True if a frame of the record that was judged last is for the client. */
    private boolean includes(Segment segment, int first, int last, int frame) {
        return verdicts == null ? group.matches(segment.name(frame)) : first == last || verdicts.get(frame - first);
    }

    /**
     * Takes the frames for the client from the record that was judged last. There is at least one. The last of them
     * gets the id.
     *
     * @param id the client's own id, or {@code null} for the id of the record's last frame
     * @return the number of frames taken
     */
    public int take(Segment segment, int first, int last, byte[] id, FrameBuffer into) {
        int lastMatch = last;
        while (!includes(segment, first, last, lastMatch)) {
            lastMatch--;
        }
        int taken = 0;
        for (int frame = first; frame <= lastMatch; frame++) {
            if (frame == lastMatch && id != null) {
                into.id(id);
            } else if (frame == lastMatch) {
                into.append(segment.bytes(), segment.start(last), segment.body(last) - segment.start(last));
            }
            if (includes(segment, first, last, frame)) {
                into.append(segment.bytes(), segment.body(frame), segment.end(frame) - segment.body(frame));
                taken++;
            }
        }
        return taken;
    }

    /** Lets go of the segment that was entered last, and of what that has left in memory. */
    public void forget() {
        group.release();
        if (looksUp) {
            named = null;
        }
        letGoOfJudged();
    }

    private void letGoOfJudged() {
        if (judgedIn != null) {
            judgedBytes = checksum(judgedIn, judgedFrom);
            judgedIn = null;
        }
    }
}
