package com.opengrail.kafka.sse.internal.cursor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.match.FilterGroups;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.match.Turns;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.window.EventName;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.Window;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import com.opengrail.kafka.sse.testing.QuietFollower;
import com.opengrail.kafka.sse.testing.SseParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/**
 * A client gets just the events whose names pass its filter, however long these are, and however often comparing one was given
 * up for the sake of others.
 */
class LongNamesTest {
    private static final int ROUNDS = 300;
    private static final int RECORDS = 30;
    private static final int LENGTH = 2_000;
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 2)));
    private static final long LONG = TimeUnit.MILLISECONDS.toNanos(1);

    private final Window window = new Window(1 << 22, new Position(LAYOUT, new long[2]));
    private final FilterGroups groups = new FilterGroups(() -> 0);
    private final EventNames names = new EventNames(EventFilter.all());
    private final RecordFrames frames = new RecordFrames();
    private int givenUp;
    private long processor;

    /** One who wants all events whose names pass. */
    private final class Reader implements QuietFollower {
        private final EventFilter filter;
        private final boolean asks;
        private final Random random;
        private final List<String> expected = new ArrayList<>();
        private final List<String> received = new ArrayList<>();
        private final SseParser parser = new SseParser((id, type, data) -> received.add(data));
        private final LiveCursor cursor;

        Reader(EventFilter filter, boolean asks, boolean isAhead, Random random) {
            this.filter = filter;
            this.asks = asks;
            this.random = random;
            cursor = new LiveCursor(window, groups, this, groups.join(filter, this), false);
            if (isAhead) {
                cursor.startIn(window.segmentOf(0), new Position(LAYOUT, new long[] {0, RECORDS}), true);
            }
        }

        void readAll() {
            Turn turn = Turns.of(1 + random.nextInt(5_000), () -> processor += random.nextBoolean() ? LONG : 0);
            Slice slice = new Slice();
            do {
                if (random.nextInt(3) == 0) {
                    turn.beginPatiently();
                } else {
                    turn.begin();
                }
                slice.clear();
                cursor.next(slice, turn);
                parser.feed(slice.bytes(), slice.from(), slice.length());
                if (turn.isOver()) {
                    givenUp++;
                    cursor.park();
                }
            } while (slice.length() > 0 || turn.isOver());
        }

        @Override
        public Predicate<? super SseEvent> predicate() {
            return asks ? event -> true : null;
        }

        @Override
        public void opened(Cursor opened) {}

        @Override
        public boolean failed(StartFailure failure) {
            return true;
        }

        @Override
        public void wake() {}
    }

    @Test
    void shouldGiveEachClientJustTheEventsWhoseNamesPass() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS / RECORDS; round++) {
            run(random, round, seed);
        }
        assertTrue(givenUp > ROUNDS, () -> "given up: " + givenUp);
    }

    private void run(Random random, int round, long seed) {
        List<Reader> readers = Stream.of("[ab]*", ".*b", "a.*,b", "(aa|b)*", "a", ".*", "never.*")
                .map(EventFilter::parse)
                .flatMap(filter -> Stream.of(
                        new Reader(filter, false, false, random),
                        new Reader(filter, true, false, random),
                        new Reader(filter, false, round == 0, random)))
                .toList();
        for (int i = 0; i < RECORDS; i++) {
            produce(random, readers, round * RECORDS + i);
            if (random.nextInt(4) == 0) {
                readers.forEach(Reader::readAll);
            }
        }
        readers.forEach(Reader::readAll);
        readers.forEach(
                reader -> assertEquals(reader.expected, reader.received, () -> reader.filter + ", seed " + seed));
        readers.forEach(each -> each.cursor.close());
    }

    private void produce(Random random, List<Reader> readers, int offset) {
        groups.absorb(window.nextSequence());
        frames.clear();
        int events = random.nextInt(4);
        EventName[] eventNames = new EventName[events];
        for (int i = 0; i < events; i++) {
            String name = (random.nextBoolean() ? "a" : "b").repeat(random.nextBoolean() ? 1 : LENGTH)
                    + (random.nextBoolean() ? "b" : "");
            String data = offset + "-" + i;
            frames.add(SseEvent.of(name, data));
            eventNames[i] = names.of(name.getBytes(UTF_8));
            groups.mark(eventNames[i], window.nextSequence() + i);
            readers.stream().filter(each -> each.filter.matches(name)).forEach(each -> each.expected.add(data));
        }
        window.append(0, offset, frames, eventNames);
        groups.beforePublish();
        window.publish();
        groups.wake();
    }
}
