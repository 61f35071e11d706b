package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import java.util.BitSet;

/**
 * Which frames of the window are for one client: those whose name passes its filter and, where the application has code
 * that says what this client wants, whose event that code wants. A gap is for everybody.
 *
 * <p>A record is judged as a whole before anything of it is taken, and the code is asked once for each event. A client
 * without such code costs nothing more than its view's verdicts.
 *
 * <p>Threads: not safe, and belongs to its cursor; but {@link #ofEverybody} has no state and is for any.
 */
final class Selection {
    private final View view;
    private final Wanted wanted;
    private final boolean looksUp;

    /** The frames of the segment to be judged by their names, where they are looked up. */
    private NamedFrames named;

    /** The record judged last, where there is code to ask. */
    private Segment judged;

    private int judgedFirst;
    private int judgedLast;
    private final BitSet verdicts;

    private Selection(View view, Wanted wanted) {
        this.view = view;
        this.wanted = wanted;
        this.looksUp = view.isOfFewNames();
        this.verdicts = wanted == null ? null : new BitSet();
    }

    /** The selection of one client, or the view's own where there is nothing to be remembered for the client. */
    static Selection of(View view, Wanted wanted) {
        return wanted == null && !view.isOfFewNames() ? view.everybodys : new Selection(view, wanted);
    }

    /** The selection of all clients of a view that say no more of what they want, and look nothing up. */
    static Selection ofEverybody(View view) {
        return new Selection(view, null);
    }

    /**
     * Says which segment is judged from now on.
     *
     * @param isComplete whether nothing is appended to it any more
     */
    void enter(Segment segment, boolean isComplete) {
        if (looksUp) {
            named = isComplete ? segment.byName() : null;
        }
    }

    /** The first frame of the segment, from one on, that may be for the client; all before are not. */
    int candidate(int from) {
        return named == null ? from : named.next(view.filter.literals(), from);
    }

    /** At most how many frames of a complete segment are for the client. */
    int most(Segment segment) {
        return looksUp ? segment.byName().count(view.filter.literals()) : segment.events();
    }

    /**
     * Counts the frames of a record that are for the client.
     *
     * @throws WantedFailure if the application's code failed; it will be asked again for the same record
     */
    int judge(Segment segment, int first, int last) {
        if (wanted != null) {
            return judgeByCode(segment, first, last);
        }
        int count = 0;
        for (int frame = first; frame <= last; frame++) {
            count += view.matches(segment.name(frame)) ? 1 : 0;
        }
        return count;
    }

    private int judgeByCode(Segment segment, int first, int last) {
        if (segment != judged || first != judgedFirst || last != judgedLast) {
            judged = null;
            verdicts.clear();
            for (int frame = first; frame <= last; frame++) {
                verdicts.set(frame - first, isWanted(segment, frame));
            }
            judged = segment;
            judgedFirst = first;
            judgedLast = last;
        }
        return verdicts.cardinality();
    }

    private boolean isWanted(Segment segment, int frame) {
        EventName name = segment.name(frame);
        return view.matches(name)
                && (name == EventName.GAP || wanted.test(segment.bytes, segment.body(frame), segment.end(frame)));
    }

    /** Whether a frame of the record judged last is for the client. */
    boolean includes(Segment segment, int frame) {
        return wanted == null ? view.matches(segment.name(frame)) : verdicts.get(frame - judgedFirst);
    }

    /**
     * Takes those frames of the record judged last that are for the client, of which there is one at least. The last of them
     * gets the id.
     *
     * @param id the client's own, or {@code null} for that on the record's last frame
     * @return their number
     */
    int take(Segment segment, int first, int last, byte[] id, FrameBuffer into) {
        int lastMatch = last;
        while (!includes(segment, lastMatch)) {
            lastMatch--;
        }
        int taken = 0;
        for (int frame = first; frame <= lastMatch; frame++) {
            if (frame == lastMatch && id != null) {
                into.id(id);
            } else if (frame == lastMatch) {
                into.append(segment.bytes, segment.start(last), segment.body(last) - segment.start(last));
            }
            if (includes(segment, frame)) {
                into.append(segment.bytes, segment.body(frame), segment.end(frame) - segment.body(frame));
                taken++;
            }
        }
        return taken;
    }

    /** Lets go of the segment that was judged last. */
    void forget() {
        if (this != view.everybodys) {
            judged = null;
            named = null;
        }
    }
}
