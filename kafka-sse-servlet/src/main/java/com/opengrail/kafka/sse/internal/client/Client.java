package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.StreamInfo;
import com.opengrail.kafka.sse.internal.access.Access;
import com.opengrail.kafka.sse.internal.access.EndReason;
import com.opengrail.kafka.sse.internal.access.Slot;
import com.opengrail.kafka.sse.internal.cursor.Cursor;
import com.opengrail.kafka.sse.internal.cursor.Follower;
import com.opengrail.kafka.sse.internal.cursor.StartFailure;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.match.PredicateFailure;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.request.HttpRejection;
import com.opengrail.kafka.sse.internal.wire.FrameBuffer;
import com.opengrail.kafka.sse.internal.writer.ClientWriter;
import com.opengrail.kafka.sse.internal.writer.Writers;
import com.opengrail.kafka.sse.internal.writer.WrittenClient;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * The stream of one client, from the first block to the last.
 *
 * <p>The stream opens once the feed has a cursor for it, or without a cursor if the brokers do not answer. Then come
 * frames, and keep-alives when there is nothing else. A position block comes before this side ends the stream.
 *
 * <p>Threads: see each group of fields. Other threads leave work in volatile fields and wake the {@link ClientWriter},
 * whose holder does the work.
 */
final class Client implements Follower, WrittenClient {
    private final Clients clients;
    private final StreamOpening opening;
    private final StreamHead head;
    private final ClientWriter writer;
    private final StreamEnd end;
    private final StreamAccount account;
    private final Due due = new Due();

    /** Left for the holder by the feed. */
    private volatile Cursor offered;

    private volatile StartFailure failure;

    /** The holder's. */
    private Cursor cursor;

    /** {@code null} if the client asks for none. */
    private final LiveEvent liveEvent;

    /** Set by the holder, read by anybody. */
    private volatile Stage stage = Stage.COMING;

    /** The time of the last write; before the first, the time when the client came. */
    private volatile long wroteAt;

    /** The time of the brokers' last answer before the start; at first the time when the client came. */
    private volatile long answeredAt;

    Client(StreamOpening opening, Clients clients, Writers writers) throws IOException {
        this.clients = clients;
        this.opening = opening.withoutStart();
        this.head = new StreamHead(opening.context(), opening.compressors());
        this.liveEvent = LiveEvent.of(opening.asked());
        long now = clients.now();
        this.end = StreamEnd.of(
                now,
                Clients.spread(clients.options().maxConnectionMillis()),
                opening.openedAt(),
                opening.access().until());
        this.account = new StreamAccount(this.opening, now);
        this.wroteAt = now;
        this.answeredAt = now;
        this.writer = writers.newWriter(this, opening.context(), now);
    }

    ClientWriter writer() {
        return writer;
    }

    Slot slot() {
        return opening.slot();
    }

    Access access() {
        return opening.access();
    }

    @Override
    public long now() {
        return clients.now();
    }

    @Override
    public void writable() {
        clients.writable(this);
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
    public boolean failed(StartFailure cause) {
        if (stage == Stage.FOLLOWING) {
            return false;
        }
        failure = cause;
        writer.wake();
        return true;
    }

    @Override
    public void startIsNear() {
        answeredAt = clients.now();
    }

    @Override
    public Instant openSince() {
        return stage == Stage.OPEN ? account.since() : null;
    }

    @Override
    public boolean isGone() {
        return writer.isClosed();
    }

    @Override
    public void wake() {
        writer.wake();
    }

    @Override
    public EventFilter filter() {
        return opening.asked().filter();
    }

    @Override
    public Predicate<? super SseEvent> predicate() {
        return opening.call().options().events().orElse(null);
    }

    @Override
    public Compressors compressors() {
        return head.compressors();
    }

    @Override
    public String payer() {
        return slot().payer();
    }

    /** Ends the stream with a position block, at once if the client takes it. */
    void end(EndReason reason, Slice slice) {
        account.because(reason);
        due.add(Due.END);
        writer.wakeForDue();
        writer.wakeHere(slice);
    }

    void tick(long now, Slice slice) {
        ClientOptions options = clients.options();
        boolean waits = stage == Stage.COMING && now - answeredAt < Clients.ANSWER_WITHIN_NANOS;
        EndReason reason = waits && offered == null || due.isAny(Due.END) ? null : over(now);
        if (reason != null) {
            end(reason, slice);
        } else if (stage == Stage.COMING && !waits) {
            leave(Due.OPENING);
        } else if (options.keepAliveMillis() > 0
                && stage != Stage.COMING
                && now - wroteAt >= options.keepAliveMillis() * 1_000_000) {
            leave(Due.KEEP_ALIVE);
        }
        if (options.stallTimeoutMillis() > 0) {
            writer.dropIfWaitingSince(now - options.stallTimeoutMillis() * 1_000_000);
        }
        lookForEnd(now);
    }

    private EndReason over(long now) {
        return end.isReached(now) ? end.reason() : clients.lostAccess(this, now);
    }

    /** Leaves something for the holder, once. */
    private void leave(int what) {
        if (due.add(what)) {
            writer.wakeForDue();
            writer.wake();
        }
    }

    @Override
    public StreamInfo.State state() {
        return offered == null
                ? StreamInfo.State.OPENING
                : offered.isLive() ? StreamInfo.State.LIVE : StreamInfo.State.REPLAYING;
    }

    StreamInfo info() {
        return account.info(state());
    }

    @Override
    public boolean isAnythingDue() {
        return due.isAny(Due.END | Due.KEEP_ALIVE) || failure != null;
    }

    @Override
    public boolean isEndDue() {
        return due.isAny(Due.END) || end.isReached(clients.now());
    }

    @Override
    public boolean hasOutput() {
        return isCalled() || stage == Stage.FOLLOWING && isLiveEventDue();
    }

    @Override
    public boolean isCalled() {
        return isAnythingDue()
                || switch (stage) {
                    case COMING -> due.isAny(Due.OPENING) || mayFollow();
                    case OPEN -> mayFollow();
                    case FOLLOWING -> cursor.hasNext() || liveEvent != null && liveEvent.isEndNew();
                };
    }

    @Override
    public boolean next(Slice slice, Turn turn) {
        boolean isLast = nextPlain(slice, turn);
        head.encode(slice, turn, isLast);
        return isLast;
    }

    private boolean nextPlain(Slice slice, Turn turn) {
        if (failure != null) {
            return refuse(slice);
        }
        if (end.isReached(clients.now())) {
            account.because(end.reason());
            due.add(Due.END);
        }
        if (stage == Stage.COMING || stage == Stage.OPEN && (mayFollow() || offered != null && due.isAny(Due.END))) {
            return begin(slice);
        }
        if (due.isAny(Due.END)) {
            return end(slice);
        }
        try {
            if (cursor != null && !tellsLive(slice)) {
                cursor.next(slice, turn);
            }
        } catch (PredicateFailure e) {
            account.because(EndReason.PREDICATE);
            clients.predicateFailed(this, e);
            return end(slice);
        }
        if (slice.length() == 0 && !isEndDue()) {
            fillSilence(slice);
        }
        return false;
    }

    private boolean mayFollow() {
        return offered != null && access().isConfirmed();
    }

    private boolean tellsLive(Slice slice) {
        boolean isDue = isLiveEventDue();
        if (isDue) {
            liveEvent.tell(slice, cursor);
        }
        return isDue;
    }

    private void fillSilence(Slice slice) {
        if (!tellsLive(slice) && due.isAny(Due.KEEP_ALIVE)) {
            due.keepAliveDone();
            slice.set(cursor != null && cursor.passDropped() ? tellPosition() : new FrameBuffer().comment(), 0);
        }
    }

    /** Looks whether the feed has read everything that was in the log when the stream began. */
    private void lookForEnd(long now) {
        if (liveEvent != null
                && stage == Stage.FOLLOWING
                && !liveEvent.isEndKnown()
                && opening.membership().nanosSinceEnd() < account.nanosOpen(now)) {
            liveEvent.endsAt(offered.endOfWindow());
            writer.wake();
        }
    }

    private boolean isLiveEventDue() {
        return liveEvent != null && liveEvent.isDue(cursor);
    }

    private boolean begin(Slice slice) {
        FrameBuffer first = new FrameBuffer();
        int count = 0;
        if (stage == Stage.COMING) {
            head.begin();
            first = StreamBlocks.first(clients.retryMillis(), opening.asked().cutAt());
            stage = Stage.OPEN;
        }
        boolean isOver = due.isAny(Due.END);
        boolean isAllowed = access().isConfirmed() && !(isOver && account.isAccessLost());
        // A client that must get no more events would never learn of gaps that its position is past.
        if (offered != null && (isAllowed || isOver && !offered.isAfterGaps())) {
            cursor = offered;
            count = cursor.takeStartGaps(first);
            StreamBlocks.position(first, cursor, clients.options().positionEvent());
            stage = Stage.FOLLOWING;
            if (isAllowed && isLiveEventDue()) {
                liveEvent.append(first, cursor);
                count++;
            }
        }
        slice.set(first, count);
        return isOver && !isAllowed;
    }

    private boolean refuse(Slice slice) {
        account.because(EndReason.REFUSED);
        HttpRejection rejection = opening.rejection(failure);
        clients.counters().refused(rejection.reason());
        if (stage == Stage.COMING && head.isOut()) {
            slice.set(StreamBlocks.first(clients.retryMillis(), opening.asked().cutAt()), 0);
        } else if (stage == Stage.COMING) {
            byte[] text = head.refuse(rejection);
            slice.set(text, 0, text.length, 0);
        }
        return true;
    }

    private boolean end(Slice slice) {
        slice.set(tellPosition(), 0);
        return true;
    }

    private FrameBuffer tellPosition() {
        FrameBuffer block = new FrameBuffer();
        if (cursor != null) {
            cursor.passDropped();
            StreamBlocks.position(block, cursor, clients.options().positionEvent());
        }
        return block;
    }

    @Override
    public void parked() {
        if (cursor != null) {
            cursor.park();
        }
    }

    @Override
    public void wrote(Slice slice) {
        wroteAt = clients.now();
        account.wrote(slice);
        clients.counters().sent(slice.events(), slice.length(), slice.timestamp());
    }

    @Override
    public void timedOut(Slice slice) {
        end(EndReason.CONTAINER, slice);
    }

    @Override
    public void broken(Throwable cause) {
        account.because(EndReason.FAILED);
        clients.broken(this, cause);
    }

    @Override
    public void closed(boolean stalled) {
        account.because(stalled ? EndReason.STALLED : EndReason.GONE);
        opening.membership().leave(this);
        if (offered != null) {
            offered.close();
        }
        clients.removed(this);
        account.log(clients.now(), state());
    }

    @Override
    public String toString() {
        return slot().address();
    }
}
