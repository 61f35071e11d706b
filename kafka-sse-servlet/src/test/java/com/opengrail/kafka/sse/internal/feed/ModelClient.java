package com.opengrail.kafka.sse.internal.feed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.EventId;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.testing.SseParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A client of the model: reads what its cursor gives as a browser would, and knows what it should have got. */
final class ModelClient implements Follower {
    private final EventFilter filter;
    private final Random random;
    private final LogModel log;
    private final SseParser parser = new SseParser((id, type, data) -> received(id, data));
    private final Slice slice = new Slice();
    private final long[] from;
    private final List<List<String>> got = new ArrayList<>();
    private FeedModel feed;
    private Cursor cursor;
    private boolean idle;
    private boolean refused;

    ModelClient(FeedModel feed, EventFilter filter, Random random) {
        this.feed = feed;
        this.log = feed.log;
        this.filter = filter;
        this.random = random;
        for (int p = 0; p < log.layout.size(); p++) {
            got.add(new ArrayList<>());
        }
        feed.open(new Start.Latest(), filter, this);
        tellPosition();
        EventId id = lastId();
        from = new long[got.size()];
        for (int p = 0; p < from.length; p++) {
            from[p] = id.next(LogModel.TOPIC, p);
        }
    }

    @Override
    public void opened(Cursor opened) {
        cursor = opened;
        idle = false;
    }

    @Override
    public boolean refused(Refusal refusal) {
        refused = true;
        return true;
    }

    @Override
    public void wake(long firstMatch) {
        if (idle) {
            idle = false;
            cursor.skipTo(firstMatch);
        }
    }

    /** Takes one slice; says whether the window still holds the client's place. */
    boolean read() {
        if (idle) {
            return true;
        }
        switch (cursor.next(slice, 1 + random.nextInt(300))) {
            case FRAMES -> parser.feed(slice.bytes(), slice.from(), slice.length());
            case NOTHING -> idle = !cursor.hasNext();
            case BEHIND -> {
                cursor.close();
                return false;
            }
        }
        return true;
    }

    void keepAlive() {
        if (idle && cursor.passDropped()) {
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

    /** Is cut off and comes back, perhaps to another server, with its last event id; says whether it could resume. */
    boolean resumeOn(FeedModel server) {
        cursor.close();
        EventId id = lastId();
        for (int p = 0; p < got.size(); p++) {
            long next = id.next(LogModel.TOPIC, p);
            got.get(p).removeIf(data -> Long.parseLong(data.split(":")[1]) >= next);
        }
        checkAll();
        feed = server;
        feed.open(new Start.After(id), filter, this);
        if (!refused) {
            tellPosition();
        }
        return !refused;
    }

    /** Reads to the end and checks that all is there. */
    boolean drain() {
        while (!idle) {
            if (!read()) {
                return false;
            }
        }
        if (cursor.passDropped()) {
            tellPosition();
        }
        EventId id = lastId();
        for (int p = 0; p < got.size(); p++) {
            long read = feed.window.end().position()[p];
            long seen = Math.max(read, id.next(LogModel.TOPIC, p));
            assertEquals(expected(p, seen), got.get(p), "partition " + p);
        }
        return true;
    }

    /** The last id stands for just what has been received. */
    private void checkAll() {
        EventId id = lastId();
        for (int p = 0; p < got.size(); p++) {
            assertEquals(expected(p, id.next(LogModel.TOPIC, p)), got.get(p), "partition " + p);
        }
    }

    private List<String> expected(int partition, long to) {
        return log.matching(partition, from[partition], to, filter).stream()
                .map(LogModel.Logged::data)
                .toList();
    }

    private void received(String id, String data) {
        int partition = Integer.parseInt(data.substring(0, data.indexOf(':')));
        long offset = Long.parseLong(data.split(":")[1]);
        got.get(partition).add(data);
        List<LogModel.Logged> ofRecord = log.matching(partition, offset, offset + 1, filter);
        boolean last = ofRecord.get(ofRecord.size() - 1).data().equals(data);
        long next = PositionCodec.decode(id, List.of(LogModel.TOPIC)).next(LogModel.TOPIC, partition);
        assertEquals(last, next == offset + 1, "only the last event of a record that passes carries the id: " + data);
    }
}
