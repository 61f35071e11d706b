package com.opengrail.kafka.sse.internal.feed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.internal.cursor.Cursor;
import com.opengrail.kafka.sse.internal.cursor.StartFailure;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.gzip.GzipStream;
import com.opengrail.kafka.sse.internal.match.PredicateFailure;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.position.EventId;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import com.opengrail.kafka.sse.testing.GzipDecoder;
import com.opengrail.kafka.sse.testing.QuietFollower;
import com.opengrail.kafka.sse.testing.SseParser;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/** A client of the model: reads what its cursor gives as a browser would, until it is cut off at some byte. */
final class ModelClient {
    private static final String POSITION = "stream-position";
    private static final int MOST_ROUNDS = 100_000;

    /** Of all schedules, each of which runs on one thread. */
    private static final Compressors COMPRESSORS =
            new Compressors(Runtime.getRuntime().availableProcessors());

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

    private final Set<String> passing;

    /** Whether the application has code that says what this client wants. */
    private final boolean isChoosy;

    /** Whether it accepts gzip. */
    private final boolean isCompressed;

    private final Random random;
    private final LogModel log;
    private final Expectation expectation;
    private final Slice slice = new Slice();
    private final Slice block = new Slice();
    private SseParser parser;
    private GzipStream gzip;
    private GzipDecoder decoder;
    private String lastEventId = "";
    private FeedModel feed;
    private Connection connection;
    private Cursor cursor;
    private Phase phase = Phase.READING;
    private boolean draining;
    private int failures;

    /** How often it has become live or begun to replay, also within one step. */
    private int places;

    private long now;

    ModelClient(FeedModel feed, Start start, EventFilter filter, Random random) {
        this.start = start;
        this.log = feed.log;
        this.filter = filter;
        this.random = random;
        this.passing = Arrays.stream(LogModel.NAMES).filter(filter::matches).collect(Collectors.toSet());
        this.isChoosy = random.nextInt(4) == 0;
        this.isCompressed = random.nextBoolean();
        this.expectation = new Expectation(log, this::isForIt);
        open(feed);
    }

    private void open(FeedModel server) {
        feed = server;
        cursor = null;
        phase = Phase.READING;
        parser = new SseParser(this::received);
        closeDecoder();
        gzip = isCompressed ? new GzipStream() : null;
        decoder = new GzipDecoder();
        connection = new Connection();
        feed.open(lastEventId.isEmpty() ? start : new Start.After(lastId()), connection);
    }

    /** What a feed sees of the client; of those that are over nothing is taken any more. */
    private final class Connection implements QuietFollower {

        @Override
        public void opened(Cursor opened) {
            if (this == connection) {
                begin(opened);
            } else {
                opened.close();
            }
        }

        @Override
        public boolean failed(StartFailure failure) {
            throw new AssertionError(failure.toString());
        }

        @Override
        public EventFilter filter() {
            places++;
            return filter;
        }

        @Override
        public Compressors compressors() {
            return isCompressed ? COMPRESSORS : null;
        }

        @Override
        public Predicate<? super SseEvent> predicate() {
            return isChoosy ? this::isWantedUnlessItFails : null;
        }

        private boolean isWantedUnlessItFails(SseEvent event) {
            if (random.nextInt(40) == 0) {
                throw new IllegalStateException("of the application's code");
            }
            return isWanted(event.data());
        }

        @Override
        public void wake() {
            if (this == connection && (phase == Phase.IDLE_UNCHECKED || phase == Phase.IDLE)) {
                phase = Phase.READING;
            }
        }
    }

    Expectation expectation() {
        return expectation;
    }

    private boolean isForIt(LogModel.Logged event) {
        return passing.contains(event.name()) && (!isChoosy || isWanted(event.data()));
    }

    private static boolean isWanted(String data) {
        return data.hashCode() % 3 != 0;
    }

    /** How often the application's code has failed. */
    int failures() {
        return failures;
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
        mayMeetOldRecords();
        FrameBuffer first = new FrameBuffer();
        opened.takeStartGaps(first);
        appendPosition(first);
        takeOwn(first);
        // Where a partition starts over after a gap it may do so, too.
        mayMeetOldRecords();
    }

    private void mayMeetOldRecords() {
        if (!cursor.isLive() || feed.isStale()) {
            expectation.mayMeetOldRecords();
        }
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
        } else {
            readNext();
        }
    }

    private void readNext() {
        try {
            int placesBefore = places;
            slice.clear();
            Turn turn = new Turn(1 + random.nextInt(300), this::now);
            turn.begin();
            cursor.next(slice, turn);
            if (slice.length() > 0) {
                take(slice);
                parkSometimes();
            } else if (turn.isOver()) {
                cursor.park();
            } else {
                phase = Phase.LEAVING;
            }
            if (!cursor.isLive() || places > placesBefore) {
                expectation.mayNotNotice();
            }
        } catch (PredicateFailure e) {
            failures++;
            tellPosition();
            phase = Phase.CUT_OFF;
        }
    }

    private void takeOwn(FrameBuffer buffer) {
        block.set(buffer, 0);
        take(block);
    }

    private void take(Slice of) {
        if (gzip == null) {
            take(of.bytes(), of.from(), of.length());
        } else {
            byte[] plain = Arrays.copyOfRange(of.bytes(), of.from(), of.from() + of.length());
            of.compress(gzip, false);
            byte[] decoded = decoder.decode(of.bytes(), of.from(), of.length());
            assertArrayEquals(plain, decoded);
            take(decoded, 0, decoded.length);
        }
    }

    private void closeDecoder() {
        if (decoder != null) {
            decoder.close();
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
            tellPosition();
            if (phase != Phase.CUT_OFF) {
                expectation.checkReceivedUpTo(lastId());
            }
        }
    }

    private void tellPosition() {
        FrameBuffer last = new FrameBuffer();
        appendPosition(last);
        takeOwn(last);
    }

    private void appendPosition(FrameBuffer into) {
        into.id(cursor.tellPosition())
                .event(POSITION.getBytes(ISO_8859_1))
                .data(null)
                .end();
    }

    private EventId lastId() {
        return PositionCodec.decode(lastEventId, log.topics());
    }

    /** Time passes by leaps, so that a turn may be over at any time. */
    private long now() {
        now += random.nextInt(1_500_000);
        return now;
    }

    /** The log was truncated. */
    void truncated(TopicPartition partition, long before) {
        if (!lastEventId.isEmpty()) {
            boolean isLive =
                    cursor != null && phase != Phase.CUT_OFF && cursor.isLive() && feed.hasReadPastEnd(partition);
            expectation.truncated(partition, before, isLive, lastId());
        }
    }

    /** Is cut off, if it is not yet, and comes back, perhaps to another server, with its last event id. */
    void resumeOn(FeedModel server) {
        feed.leave(connection);
        if (cursor != null) {
            cursor.close();
        }
        if (lastEventId.isEmpty()) {
            expectation.startsAnew();
        } else {
            expectation.checkResumableFrom(lastId());
        }
        open(server);
    }

    /** Reads to the end and checks that all is there. */
    void drain() {
        draining = true;
        int rounds = 0;
        while (cursor == null || phase != Phase.IDLE || !cursor.isLive() || feed.replayTurn()) {
            feed.replayTurn();
            if (phase == Phase.CUT_OFF) {
                resumeOn(feed);
            }
            read();
            assertTrue(rounds++ < MOST_ROUNDS, "the client comes to an end");
        }
        keepAlive();
        expectation.checkAllReceived(lastId());
        closeDecoder();
    }

    private void received(String id, String type, String data) {
        // A browser keeps the id that it came with until another one is told.
        lastEventId = id.isEmpty() ? lastEventId : id;
        if (type.equals(POSITION)) {
            boolean startsWithFeed = start instanceof Start.Latest;
            expectation.positionTold(lastId(), startsWithFeed ? feed.unanswered() : Set.of());
        } else if (type.equals("stream-gap")) {
            expectation.gapTold(data, lastEventId.isEmpty() ? null : lastId());
            if (feed.isStale()) {
                // What follows the gap may have been read before the log was truncated once more.
                expectation.mayMeetOldRecords();
            }
        } else {
            expectation.received(data, lastId());
        }
    }
}
