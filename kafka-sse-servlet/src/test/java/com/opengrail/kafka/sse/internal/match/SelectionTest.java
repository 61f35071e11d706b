package com.opengrail.kafka.sse.internal.match;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.window.EventName;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.Segment;
import com.opengrail.kafka.sse.internal.window.Window;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** A mapper may make a thousand events of one record. Whoever judges them takes no longer than a turn lasts. */
class SelectionTest {
    private static final int EVENTS = 1_000;
    private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final int MOST_OF_A_TURN = 6;

    private long now;
    private final Turn turn = new Turn(1 << 16, () -> now += STEP_NANOS, () -> now);
    private final Segment segment = segment("order-");
    private int turns;

    private static Segment segment(String prefix) {
        Layout layout = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 1)));
        Window window = new Window(1 << 20, new Position(layout, new long[1]));
        EventNames names = new EventNames(EventFilter.all());
        RecordFrames frames = new RecordFrames();
        EventName[] ofFrames = new EventName[EVENTS];
        for (int i = 0; i < EVENTS; i++) {
            String name = prefix + i;
            frames.add(SseEvent.of(name, "x"));
            ofFrames[i] = names.of(name.getBytes(UTF_8));
        }
        window.append(0, 0, frames, ofFrames);
        window.publish();
        return window.segmentOf(0);
    }

    /** How many of the events are for the client, after as many turns as it needs. */
    private int judge(Selection selection, boolean patiently) {
        int count;
        do {
            turns++;
            if (patiently) {
                turn.beginPatiently();
            } else {
                turn.begin();
            }
            count = selection.judge(segment, 0, EVENTS - 1, turn);
            // As a client does that waits for its next turn.
            selection.forget();
        } while (count == Selection.UNKNOWN);
        return count;
    }

    private static Selection selection(String filter, Predicate<SseEvent> predicate) {
        // Fewer verdicts than there are names.
        return Selection.of(new FilterGroup(EventFilter.parse(filter), 16), predicate);
    }

    @Test
    void shouldJudgeALargeRecordInSeveralTurns() {
        for (boolean patiently : new boolean[] {false, true}) {
            turns = 0;
            Selection selection = selection("order-[0-9]*[02468]", null);
            assertEquals(EVENTS / 2, judge(selection, patiently));
            assertTrue(turns > EVENTS / 100, () -> turns + " turns");
            FrameBuffer taken = new FrameBuffer();
            assertEquals(EVENTS / 2, selection.take(segment, 0, EVENTS - 1, null, taken));
        }
    }

    @Test
    void shouldAskThePredicateOnceForEachEventThatTheFilterPasses() {
        List<String> asked = new ArrayList<>();
        Selection selection = selection("order-[0-9]*0", event -> {
            asked.add(event.name());
            now += STEP_NANOS;
            return asked.size() % 2 == 0;
        });
        assertEquals(EVENTS / 20, judge(selection, false));
        assertEquals(EVENTS / 10, asked.size());
        assertEquals(EVENTS / 10, asked.stream().distinct().count());
        assertTrue(turns > EVENTS / 100 / MOST_OF_A_TURN, () -> turns + " turns");
    }

    @Test
    void shouldGoOnAtTheEventAtWhichThePredicateFailed() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> passed = new ArrayList<>();
        int[] failures = new int[1];
        Selection selection = selection(".*", event -> {
            if (random.nextInt(50) == 0) {
                failures[0]++;
                throw new IllegalStateException("for the test");
            }
            return passed.add(event.name());
        });
        while (passed.size() < EVENTS) {
            int before = failures[0];
            turn.begin();
            try {
                selection.judge(segment, 0, EVENTS - 1, turn);
            } catch (PredicateFailure e) {
                assertEquals(before + 1, failures[0], "seed " + seed);
            }
        }
        assertTrue(failures[0] > 0, "seed " + seed);
        assertEquals(EVENTS, passed.stream().distinct().count(), "seed " + seed);
    }

    @Test
    void shouldJudgeAnotherRecordAtTheSameOffsetAnew() {
        Segment rewritten = segment("invoice-");
        for (boolean waits : new boolean[] {false, true}) {
            Selection selection = selection("order-[0-9]*[02468]", null);
            turn.begin();
            assertEquals(Selection.UNKNOWN, selection.judge(segment, 0, EVENTS - 1, turn));
            if (waits) {
                selection.forget();
            }
            assertEquals(0, judge(selection, rewritten), "waits: " + waits);
            selection.forget();
            assertEquals(EVENTS / 2, judge(selection, segment("order-")), "waits: " + waits);
        }
    }

    private int judge(Selection selection, Segment in) {
        int count;
        do {
            turn.begin();
            selection.enter(in, true);
            count = selection.judge(in, 0, EVENTS - 1, turn);
        } while (count == Selection.UNKNOWN);
        return count;
    }

    @Test
    void shouldNotAskAgainAboutARecordThatIsReadAgain() {
        List<String> asked = new ArrayList<>();
        Selection selection = selection(".*", event -> {
            now += STEP_NANOS;
            return asked.add(event.name());
        });
        int count;
        do {
            turn.begin();
            Segment read = segment("order-");
            selection.enter(read, true);
            count = selection.judge(read, 0, EVENTS - 1, turn);
            selection.forget();
        } while (count == Selection.UNKNOWN);
        assertEquals(EVENTS, count);
        assertEquals(EVENTS, asked.size());
    }

    @Test
    void shouldTellAFailureOfThePredicate() {
        Selection selection = selection(".*", event -> {
            throw new IllegalStateException("for the test");
        });
        turn.begin();
        assertThrows(PredicateFailure.class, () -> selection.judge(segment, 0, EVENTS - 1, turn));
    }
}
