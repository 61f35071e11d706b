package com.opengrail.kafka.sse.internal.window;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A reader against the tail's publication, in which the index of the segment grows. Forbidden: that the reader sees the
 * published end, and not the whole of the frames before it.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "before the publication")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "after it, all frames whole")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "a frame that is published and not whole")
@State
public class WindowPublication {
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 1)));

    /** A segment's index has room for so many at first. */
    private static final int INDEX = 32;

    private static final int FIRST = INDEX - 1;
    private static final int ALL = INDEX + 1;
    private static final EventName[] NAMES = {new EventNames(EventFilter.all()).of("a".getBytes(UTF_8))};
    private static final String BODY = "\nevent: a\ndata: x\n\n";

    private final Window window = new Window(16_384, new Position(LAYOUT, new long[1]));
    private final RecordFrames frames = new RecordFrames();

    public WindowPublication() {
        frames.add(SseEvent.of("a", "x"));
        append(0, FIRST);
        window.publish();
    }

    private void append(int from, int to) {
        for (int offset = from; offset < to; offset++) {
            window.append(0, offset, frames, NAMES);
        }
    }

    @Actor
    public void tail() {
        append(FIRST, ALL);
        window.publish();
    }

    @Actor
    public void reader(I_Result result) {
        Window.End end = window.end();
        if (end.sequence() == FIRST) {
            result.r1 = 0;
        } else {
            result.r1 = end.sequence() == ALL && end.position().next()[0] == ALL && areWhole() ? 1 : 2;
        }
    }

    private boolean areWhole() {
        Segment segment = window.segmentOf(ALL - 1);
        for (int frame = 0; frame < ALL; frame++) {
            int start = segment.start(frame);
            String text = new String(segment.bytes(), start, segment.end(frame) - start, UTF_8);
            if (segment.offset(frame) != frame
                    || segment.name(frame) != NAMES[0]
                    || !text.equals("id: " + frame + BODY)) {
                return false;
            }
        }
        return segment.count() >= ALL;
    }
}
