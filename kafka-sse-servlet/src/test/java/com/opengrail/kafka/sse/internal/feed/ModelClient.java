package com.opengrail.kafka.sse.internal.feed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.EventId;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import com.opengrail.kafka.sse.testing.SseParser;
import java.util.List;
import java.util.Random;

/** A client of the model: reads what its cursor gives as a browser would, until it is cut off at some byte. */
final class ModelClient {
    private static final String POSITION = "stream-position";
    private static final int MOST_ROUNDS = 100_000;

    /** The steps in which a client finds nothing, goes idle and looks again: a tail may come in between any two. */
    private enum Phase {
        READING,
        LEAVING,
        IDLE_UNCHECKED,
        IDLE,
        CUT_OFF
    }

    private final Start start;
    private final EventFilter filter;
    private final Random random;
    private final LogModel log;
    private final Expectation expectation;
    private final Slice slice = new Slice();
    private SseParser parser;
    private String lastEventId = "";
    private FeedModel feed;
    private Connection connection;
    private Cursor cursor;
    private Phase phase = Phase.READING;
    private boolean draining;

    ModelClient(FeedModel feed, Start start, EventFilter filter, Random random) {
        this.start = start;
        this.log = feed.log;
        this.filter = filter;
        this.random = random;
        this.expectation = new Expectation(log, filter);
        open(feed);
    }

    private void open(FeedModel server) {
        feed = server;
        cursor = null;
        phase = Phase.READING;
        parser = new SseParser(this::received);
        connection = new Connection();
        feed.open(lastEventId.isEmpty() ? start : new Start.After(lastId()), filter, connection);
    }

    /** What a feed sees of the client; of those that are over nothing is taken any more. */
    private final class Connection implements Follower {

        @Override
        public void opened(Cursor opened) {
            if (this == connection) {
                begin(opened);
            } else {
                opened.close();
            }
        }

        @Override
        public boolean refused(Refusal refusal) {
            throw new AssertionError(refusal.toString());
        }

        @Override
        public void wake(long firstMatch) {
            if (this == connection && (phase == Phase.IDLE_UNCHECKED || phase == Phase.IDLE)) {
                phase = Phase.READING;
                cursor.skipTo(firstMatch);
            }
        }
    }

    Expectation expectation() {
        return expectation;
    }

    boolean isOn(FeedModel server) {
        return feed == server;
    }

    /** Whether the connection is gone, so that the client has to come back. */
    boolean isCutOff() {
        return phase == Phase.CUT_OFF;
    }

    private void begin(Cursor opened) {
        cursor = opened;
        phase = Phase.READING;
        FrameBuffer first = new FrameBuffer();
        first.append(opened.gaps().array(), 0, opened.gaps().length());
        appendPosition(first);
        take(first.array(), 0, first.length());
    }

    /** Takes one slice, or one step towards being idle. */
    void read() {
        if (phase == Phase.IDLE || phase == Phase.CUT_OFF || cursor == null) {
            return;
        }
        if (phase == Phase.LEAVING) {
            cursor.park();
            phase = Phase.IDLE_UNCHECKED;
        } else if (phase == Phase.IDLE_UNCHECKED) {
            phase = cursor.hasNext() ? Phase.READING : Phase.IDLE;
        } else if (cursor.next(slice, 1 + random.nextInt(300))) {
            take(slice.bytes(), slice.from(), slice.length());
            parkSometimes();
        } else {
            phase = Phase.LEAVING;
        }
    }

    /** Now and then the connection is lost after any byte. */
    private void take(byte[] bytes, int from, int length) {
        if (!draining && random.nextInt(20) == 0) {
            parser.feed(bytes, from, random.nextInt(length + 1));
            phase = Phase.CUT_OFF;
        } else {
            parser.feed(bytes, from, length);
        }
    }

    /** A client that takes no more for now, or whose turn is over. */
    private void parkSometimes() {
        if (random.nextInt(3) == 0) {
            cursor.park();
        }
    }

    void keepAlive() {
        if (phase == Phase.IDLE && cursor.passDropped()) {
            FrameBuffer block = new FrameBuffer();
            appendPosition(block);
            take(block.array(), 0, block.length());
            if (phase != Phase.CUT_OFF) {
                expectation.checkReceivedUpTo(lastId());
            }
        }
    }

    private void appendPosition(FrameBuffer into) {
        into.id(cursor.tellPosition())
                .event(POSITION.getBytes(ISO_8859_1))
                .data(null)
                .end();
    }

    private EventId lastId() {
        return PositionCodec.decode(lastEventId, List.of(LogModel.TOPIC));
    }

    /** Is cut off, if it is not yet, and comes back, perhaps to another server, with its last event id. */
    void resumeOn(FeedModel server) {
        if (cursor != null) {
            cursor.close();
        }
        if (!lastEventId.isEmpty()) {
            expectation.checkResumableFrom(lastId());
        }
        open(server);
    }

    /** Reads to the end and checks that all is there. */
    void drain() {
        draining = true;
        int rounds = 0;
        while (cursor == null || phase != Phase.IDLE || feed.replayTurn()) {
            feed.replayTurn();
            if (phase == Phase.CUT_OFF) {
                resumeOn(feed);
            }
            read();
            assertTrue(rounds++ < MOST_ROUNDS, "the client comes to an end");
        }
        keepAlive();
        expectation.checkAllReceived(lastId());
    }

    private void received(String id, String type, String data) {
        lastEventId = id;
        if (type.equals(POSITION)) {
            expectation.positionTold(lastId());
        } else if (type.equals("stream-gap")) {
            expectation.gapTold(data);
        } else {
            expectation.received(data, lastId());
        }
    }
}
