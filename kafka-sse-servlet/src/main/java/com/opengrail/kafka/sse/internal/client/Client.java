package com.opengrail.kafka.sse.internal.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.opengrail.kafka.sse.internal.cursor.Cursor;
import com.opengrail.kafka.sse.internal.cursor.Follower;
import com.opengrail.kafka.sse.internal.cursor.Slice;
import com.opengrail.kafka.sse.internal.cursor.StartFailure;
import com.opengrail.kafka.sse.internal.feed.Membership;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.gzip.GzipStream;
import com.opengrail.kafka.sse.internal.match.EventPredicate;
import com.opengrail.kafka.sse.internal.match.PredicateFailure;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * One browser: what its stream consists of, from the first block to the last.
 *
 * <p>It is opened once the feed has a cursor for it, or without one when the brokers do not answer; then come the frames,
 * keep-alives when it is silent, and a position block before the stream is ended by this side.
 *
 * <p>Threads: the fields of one group each as said there. What is to be done is left in a volatile field and the
 * {@link ClientWriter} is woken; its holder does it.
 */
final class Client implements Follower {

    /** What a stream consists of next. */
    enum Next {
        BYTES,
        END
    }

    /** More than a century; twice as much would overflow when it is added to a reading of the clock. */
    private static final long ENDLESS_NANOS = Long.MAX_VALUE / 2;

    private final Clients clients;
    private final Membership membership;
    private final HttpServletResponse response;
    private final ClientWriter writer;
    private final Place place;
    private final EventPredicate predicate;
    private final Compressors compressors;
    private final long endAt;

    /** Left for the holder by the feed, by the timer or by who ends the stream. */
    private volatile Cursor offered;

    private volatile StartFailure failure;
    private volatile boolean openAnyway;
    private volatile boolean keepAliveDue;
    private volatile boolean ending;

    /** The holder's. */
    private Cursor cursor;

    /** {@code null} before the stream has begun, and if it is not compressed. */
    private GzipStream gzip;

    private volatile boolean begun;

    /** When it has been written to last; before that, when it came. */
    private volatile long wroteAt;

    /** When the brokers last answered something on the way to the start position; before that, when the client came. */
    private volatile long answeredAt;

    Client(StreamOpening opening, Clients clients, WriterThread thread) throws IOException {
        this.clients = clients;
        this.membership = opening.membership();
        AsyncContext context = opening.context();
        this.response = (HttpServletResponse) context.getResponse();
        this.place = opening.place();
        this.predicate = EventPredicate.of(opening.wanted());
        this.compressors = opening.compressors();
        long now = clients.now();
        long maxConnectionMillis = clients.options().maxConnectionMillis();
        this.endAt = now + (maxConnectionMillis == 0 ? ENDLESS_NANOS : clients.spread(maxConnectionMillis) * 1_000_000);
        this.wroteAt = now;
        this.answeredAt = now;
        this.writer = new ClientWriter(this, context, thread, now);
    }

    ClientWriter writer() {
        return writer;
    }

    Place place() {
        return place;
    }

    @Override
    public void opened(Cursor opened) {
        offered = opened;
        if (writer.isClosed()) {
            opened.close();
        }
        writer.wake();
    }

    @Override
    public boolean failed(StartFailure why) {
        if (begun) {
            return false;
        }
        failure = why;
        writer.wake();
        return true;
    }

    @Override
    public void startIsNear() {
        answeredAt = clients.now();
    }

    @Override
    public void wake() {
        writer.wake();
    }

    @Override
    public EventPredicate predicate() {
        return predicate;
    }

    @Override
    public Compressors compressors() {
        return compressors;
    }

    @Override
    public String payer() {
        return place.address();
    }

    /** Ends the stream with a position block, at once if the client takes it. */
    void end(Slice slice) {
        ending = true;
        writer.wakeHere(slice);
    }

    /** Looks whether the time has come for something. */
    void tick(long now, Slice slice) {
        ClientOptions options = clients.options();
        if (now - endAt >= 0 && !ending) {
            end(slice);
        } else if (!openAnyway && now - answeredAt >= Clients.ANSWER_WITHIN_NANOS) {
            openAnyway = true;
            writer.wake();
        } else if (options.keepAliveMillis() > 0
                && openAnyway
                && now - wroteAt >= options.keepAliveMillis() * 1_000_000
                && !keepAliveDue) {
            keepAliveDue = true;
            writer.wake();
        }
        if (options.stallTimeoutMillis() > 0) {
            writer.dropIfWaitingSince(now - options.stallTimeoutMillis() * 1_000_000);
        }
    }

    /** Where its events come from now. */
    Phase phase() {
        Cursor opened = offered;
        if (opened == null) {
            return Phase.OPENING;
        }
        return opened.isLive() ? Phase.LIVE : Phase.REPLAYING;
    }

    long now() {
        return clients.now();
    }

    /** A turn on a thread that has none of its own to give. */
    Turn newTurn() {
        return clients.newTurn();
    }

    /** Whether the holder finds something to do. */
    boolean hasOutput() {
        if (ending || keepAliveDue || failure != null || !begun && (openAnyway || offered != null)) {
            return true;
        }
        return cursor == null ? offered != null : cursor.hasNext();
    }

    /** Gives the holder the next bytes as they are written, or none if there turn out to be none. */
    Next next(Slice slice, Turn turn) {
        Next next = nextPlain(slice, turn);
        if (gzip != null) {
            slice.compress(gzip, next == Next.END);
            turn.expensive();
        }
        return next;
    }

    private Next nextPlain(Slice slice, Turn turn) {
        if (failure != null) {
            return refuse(slice);
        }
        if (!begun || cursor == null && offered != null) {
            return begin(slice);
        }
        if (ending) {
            return end(tellPosition(), slice);
        }
        try {
            if (cursor != null) {
                cursor.next(slice, turn);
            }
        } catch (PredicateFailure e) {
            clients.predicateFailed(this, e);
            return end(tellPosition(), slice);
        }
        if (keepAliveDue && slice.length() == 0 && !turn.isOver()) {
            keepAliveDue = false;
            FrameBuffer block = cursor != null && cursor.passDropped() ? tellPosition() : new FrameBuffer().comment();
            slice.set(block.array(), 0, block.length());
        }
        return Next.BYTES;
    }

    private Next begin(Slice slice) {
        FrameBuffer first = new FrameBuffer();
        int events = 0;
        if (!begun) {
            begun = true;
            setHeaders();
            long retryMillis = clients.spread(clients.options().retryMillis());
            if (retryMillis > 0) {
                first.retry(retryMillis).end();
            } else {
                first.comment();
            }
        }
        if (offered != null) {
            cursor = offered;
            openAnyway = true;
            events = cursor.takeStartGaps(first);
            appendPosition(first);
        }
        slice.set(first.array(), 0, first.length(), events);
        return Next.BYTES;
    }

    private void setHeaders() {
        if (compressors == null) {
            EventStreamHeaders.set(response);
        } else {
            EventStreamHeaders.setCompressed(response);
            gzip = new GzipStream();
        }
    }

    private Next refuse(Slice slice) {
        if (begun) {
            return Next.END;
        }
        Rejection rejection = Rejection.of(failure);
        clients.counters().refused(rejection.reason());
        byte[] text = rejection.prepare(response);
        slice.set(text, 0, text.length);
        return Next.END;
    }

    private static Next end(FrameBuffer last, Slice slice) {
        slice.set(last.array(), 0, last.length());
        return Next.END;
    }

    private FrameBuffer tellPosition() {
        FrameBuffer block = new FrameBuffer();
        if (cursor != null) {
            cursor.passDropped();
            appendPosition(block);
        }
        return block;
    }

    private void appendPosition(FrameBuffer block) {
        block.id(cursor.tellPosition());
        clients.options()
                .positionEvent()
                .ifPresent(name -> block.event(name.getBytes(UTF_8)).data(null));
        block.end();
    }

    /** The holder is about to let go. */
    void parked() {
        if (cursor != null) {
            cursor.park();
        }
    }

    /** The holder has written bytes. */
    void wrote(Slice slice) {
        wroteAt = clients.now();
        clients.counters().sent(slice.events(), slice.length());
    }

    /** The stream has failed for a reason that is not the client's. */
    void broken(Throwable cause) {
        clients.broken(this, cause);
    }

    /** The stream has failed, and the container may be about to say so. */
    void reportDue() {
        clients.reportDue(writer);
    }

    /** The stream is over, whoever ended it: called once. */
    void closed() {
        membership.leave(this);
        Cursor opened = offered;
        if (opened != null) {
            opened.close();
        }
        clients.removed(this);
    }

    @Override
    public String toString() {
        return place.address();
    }
}
