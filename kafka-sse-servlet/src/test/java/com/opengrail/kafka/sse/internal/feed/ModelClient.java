package com.opengrail.kafka.sse.internal.feed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.EventId;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.testing.SseParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client of the model: reads what its cursor gives as a browser would, and knows what it should have got. */
final class ModelClient implements Follower {
    private static final Pattern GAP =
            Pattern.compile("\\{\"topic\":\"orders\",\"partition\":(\\d+),\"from\":(\\d+),\"to\":(\\d+),"
                    + "\"reason\":\"retention\"}");

    /** The steps in which a client finds nothing, goes idle and looks again: a tail may come in between any two. */
    private enum Phase {
        READING,
        LEAVING,
        IDLE_UNCHECKED,
        IDLE
    }

    /** What a client has been told to be gone. */
    private record Told(int partition, long from, long to) {}

    private final EventFilter filter;
    private final Random random;
    private final LogModel log;
    private final SseParser parser = new SseParser(this::received);
    private final Slice slice = new Slice();
    private final List<List<String>> got = new ArrayList<>();
    private final List<Told> gaps = new ArrayList<>();
    private long[] from;
    private FeedModel feed;
    private Cursor cursor;
    private Phase phase = Phase.READING;

    /** What the application's code lets through, or null; it fails now and then. */
    private final Predicate<SseEvent> wanted;

    private int failures;

    ModelClient(FeedModel feed, Start start, EventFilter filter, Random random) {
        this.wanted = random.nextBoolean() ? null : event -> isWanted(event.data());
        this.feed = feed;
        this.log = feed.log;
        this.filter = filter;
        this.random = random;
        for (int p = 0; p < log.layout.size(); p++) {
            got.add(new ArrayList<>());
        }
        feed.open(start, filter, this);
    }

    int gaps() {
        return gaps.size();
    }

    int failures() {
        return failures;
    }

    @Override
    public Predicate<? super SseEvent> wanted() {
        return wanted == null
                ? null
                : event -> {
                    if (random.nextInt(40) == 0) {
                        throw new IllegalStateException("of the application's code");
                    }
                    return wanted.test(event);
                };
    }

    private static boolean isWanted(String data) {
        return data.hashCode() % 3 != 0;
    }

    private List<LogModel.Logged> matching(int partition, long fromOffset, long to) {
        return log.matching(partition, fromOffset, to, filter).stream()
                .filter(event -> wanted == null || isWanted(event.data()))
                .toList();
    }

    @Override
    public void opened(Cursor opened) {
        cursor = opened;
        phase = Phase.READING;
        assertEquals(0, opened.gaps().length(), "nothing here is truncated or made anew");
        tellPosition();
        if (from == null) {
            EventId id = lastId();
            from = new long[got.size()];
            for (int p = 0; p < from.length; p++) {
                from[p] = id.next(LogModel.TOPIC, p);
            }
        }
    }

    @Override
    public boolean refused(Refusal refusal) {
        throw new AssertionError(refusal.toString());
    }

    @Override
    public void wake(long firstMatch) {
        if (phase == Phase.IDLE_UNCHECKED || phase == Phase.IDLE) {
            phase = Phase.READING;
            cursor.skipTo(firstMatch);
        }
    }

    /** Takes one slice, or one step towards being idle. */
    void read() {
        if (phase == Phase.IDLE || cursor == null) {
            return;
        }
        if (phase == Phase.LEAVING) {
            cursor.park();
            phase = Phase.IDLE_UNCHECKED;
        } else if (phase == Phase.IDLE_UNCHECKED) {
            phase = cursor.hasNext() ? Phase.READING : Phase.IDLE;
        } else if (takeNext()) {
            parser.feed(slice.bytes(), slice.from(), slice.length());
            parkSometimes();
        } else if (cursor != null) {
            phase = Phase.LEAVING;
        }
    }

    private boolean takeNext() {
        try {
            return cursor.next(slice, 1 + random.nextInt(300));
        } catch (WantedFailure e) {
            failures++;
            cursor.passDropped();
            tellPosition();
            resumeOn(feed);
            return false;
        }
    }

    /** A client that takes no more for now, or whose turn is over. */
    private void parkSometimes() {
        if (random.nextInt(3) == 0) {
            cursor.park();
        }
    }

    void keepAlive() {
        if (phase == Phase.IDLE && cursor != null && cursor.passDropped()) {
            tellPosition();
            checkAll();
        }
    }

    private void tellPosition() {
        byte[] id = cursor.tellPosition();
        parser.feed(("id: " + new String(id, ISO_8859_1) + "\n\n").getBytes(ISO_8859_1));
    }

    private EventId lastId() {
        return PositionCodec.decode(parser.lastEventId(), List.of(LogModel.TOPIC));
    }

    /** Is cut off and comes back, perhaps to another server, with its last event id. */
    void resumeOn(FeedModel server) {
        if (cursor == null) {
            return;
        }
        cursor.close();
        EventId id = lastId();
        for (int p = 0; p < got.size(); p++) {
            long next = id.next(LogModel.TOPIC, p);
            got.get(p).removeIf(data -> Long.parseLong(data.split(":")[1]) >= next);
        }
        checkAll();
        feed = server;
        cursor = null;
        feed.open(new Start.After(id), filter, this);
    }

    /** Reads to the end and checks that all is there. */
    void drain() {
        int rounds = 0;
        while (cursor == null || phase != Phase.IDLE || feed.replayTurn()) {
            feed.replayTurn();
            read();
            assertTrue(rounds++ < 100_000, "the client comes to an end");
        }
        if (cursor.passDropped()) {
            tellPosition();
        }
        EventId id = lastId();
        for (int p = 0; p < got.size(); p++) {
            long seen = Math.max(feed.window.end().position()[p], id.next(LogModel.TOPIC, p));
            assertEquals(expected(p, seen), got.get(p), "partition " + p);
        }
    }

    /** The last id stands for just what has been received. */
    private void checkAll() {
        EventId id = lastId();
        for (int p = 0; p < got.size(); p++) {
            assertEquals(expected(p, id.next(LogModel.TOPIC, p)), got.get(p), "partition " + p);
        }
    }

    private List<String> expected(int partition, long to) {
        return matching(partition, from[partition], to).stream()
                .filter(event -> gaps.stream()
                        .noneMatch(gap -> gap.partition() == partition
                                && event.offset() >= gap.from()
                                && event.offset() < gap.to()))
                .map(LogModel.Logged::data)
                .toList();
    }

    private void received(String id, String type, String data) {
        Matcher gap = GAP.matcher(data);
        if (type.equals("stream-gap")) {
            assertTrue(gap.matches(), data);
            told(Integer.parseInt(gap.group(1)), Long.parseLong(gap.group(2)), Long.parseLong(gap.group(3)));
            return;
        }
        int partition = Integer.parseInt(data.substring(0, data.indexOf(':')));
        long offset = Long.parseLong(data.split(":")[1]);
        got.get(partition).add(data);
        List<LogModel.Logged> ofRecord = matching(partition, offset, offset + 1);
        boolean last = ofRecord.get(ofRecord.size() - 1).data().equals(data);
        long next = PositionCodec.decode(id, List.of(LogModel.TOPIC)).next(LogModel.TOPIC, partition);
        assertEquals(last, next == offset + 1, "only the last event of a record that passes carries the id: " + data);
    }

    /** What is said to be gone is gone, and has not been received. */
    private void told(int partition, long gapFrom, long gapTo) {
        assertTrue(gapTo <= log.beginning(partition), "a gap up to " + gapTo + " of which some is still there");
        long after = got.get(partition).stream()
                .mapToLong(data -> Long.parseLong(data.split(":")[1]) + 1)
                .max()
                .orElse(0);
        gaps.add(new Told(partition, Math.max(gapFrom, after), gapTo));
    }
}
