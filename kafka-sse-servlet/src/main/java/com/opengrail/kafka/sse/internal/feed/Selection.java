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
 * <p>Threads: not safe; belongs to its cursor.
 */
final class Selection {
    private final View view;
    private final Wanted wanted;

    /** The record judged last, where there is code to ask. */
    private Segment judged;

    private int judgedFirst;
    private int judgedLast;
    private final BitSet verdicts;

    Selection(View view, Wanted wanted) {
        this.view = view;
        this.wanted = wanted;
        this.verdicts = wanted == null ? null : new BitSet();
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
     * gets the id, which is on the record's last frame.
     *
     * @return their number
     */
    int take(Segment segment, int first, int last, FrameBuffer into) {
        int lastMatch = last;
        while (!includes(segment, lastMatch)) {
            lastMatch--;
        }
        int taken = 0;
        for (int frame = first; frame <= lastMatch; frame++) {
            if (frame == lastMatch) {
                into.append(segment.bytes, segment.start(last), segment.body(last) - segment.start(last));
            }
            if (includes(segment, frame)) {
                into.append(segment.bytes, segment.body(frame), segment.end(frame) - segment.body(frame));
                taken++;
            }
        }
        return taken;
    }

    /** Lets go of what was judged last. */
    void forget() {
        judged = null;
    }
}
