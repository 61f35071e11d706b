package com.opengrail.kafka.sse.internal.cursor;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.match.FilterGroups;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.window.EventName;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.Window;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import com.opengrail.kafka.sse.testing.QuietFollower;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A client that joins with a filter, and looks once, against a turn of the tail that publishes a match, and the turn that
 * always follows. Forbidden: that the match is after the client's place, and the client neither saw it nor was woken.
 */
@JCStressTest
@Outcome(id = "0", expect = Expect.ACCEPTABLE, desc = "joined after the publication: the match is not the client's")
@Outcome(id = "1", expect = Expect.ACCEPTABLE, desc = "joined before, and saw the match or was woken for it")
@Outcome(id = "2", expect = Expect.FORBIDDEN, desc = "joined before, and neither saw the match nor was woken")
@Outcome(id = "3", expect = Expect.FORBIDDEN, desc = "joined before, and does not find the match when it looks")
@State
public class JoinAgainstPublication {
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 1)));

    private final EventName[] names = {new EventNames(EventFilter.all()).of("a".getBytes(UTF_8))};
    private final Window window = new Window(8_192, new Position(LAYOUT, new long[1]));
    private final FilterGroups groups = new FilterGroups(System::nanoTime);
    private final RecordFrames frames = new RecordFrames();
    private final Woken follower = new Woken();
    private LiveCursor cursor;
    private boolean saw;

    /** Notes that it was woken. */
    private static final class Woken implements QuietFollower {
        private volatile boolean woken;

        @Override
        public void opened(Cursor opened) {}

        @Override
        public boolean failed(StartFailure failure) {
            return false;
        }

        @Override
        public void wake() {
            woken = true;
        }
    }

    public JoinAgainstPublication() {
        frames.add(SseEvent.of("a", "x"));
    }

    @Actor
    public void tail() {
        groups.absorb(window.nextSequence());
        groups.mark(names[0], window.nextSequence());
        window.append(0, 0, frames, names);
        groups.beforePublish();
        window.publish();
        groups.wake();
        // The next turn, which finds no records.
        groups.absorb(window.nextSequence());
        groups.beforePublish();
        groups.wake();
    }

    @Actor
    public void client() {
        cursor = new LiveCursor(window, groups, follower, groups.join(EventFilter.parse("a"), follower), false);
        saw = cursor.hasNext();
    }

    @Arbiter
    public void look(I_Result result) {
        if (cursor.position().next()[0] == 1) {
            result.r1 = 0;
        } else if (!saw && !follower.woken) {
            result.r1 = 2;
        } else {
            Turn turn = new Turn(100, System::nanoTime);
            turn.begin();
            Slice slice = new Slice();
            result.r1 = cursor.next(slice, turn) && slice.length() > 0 ? 1 : 3;
        }
    }
}
