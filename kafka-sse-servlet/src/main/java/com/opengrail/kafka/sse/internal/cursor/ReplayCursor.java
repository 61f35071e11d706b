package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.gzip.CompressedGroup;
import com.opengrail.kafka.sse.internal.gzip.CompressedRun;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.match.FilterGroup;
import com.opengrail.kafka.sse.internal.match.Selection;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.window.Batch;
import com.opengrail.kafka.sse.internal.window.Segment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A cursor behind the window. It walks batches that a replay reader has read from Kafka, and other clients may walk the
 * same batches. It asks for the next batch when all of one has been written, so Kafka waits for a slow client.
 *
 * <p>Limits: the cache may drop a batch at any time. The cursor keeps the segment that it is in, and asks again after it. If
 * the kept segments take too much memory, it keeps nothing between two turns and takes small copies.
 *
 * <p>Threads: not safe; belongs to its {@link Cursor}. {@link #close} from anywhere.
 */
final class ReplayCursor extends FrameCursor {
    private static final int VERDICTS = 64;

    /** Most bytes of a small copy. Containers gather so few bytes in the buffer that each connection has. */
    private static final int COPIED_BYTES = 4 * 1024;

    private final CursorOpener opener;
    private final Replay request;

    /** The segment that counts as kept by this client, as long as its container may write from it. */
    private final AtomicReference<Segment> kept = new AtomicReference<>();

    /** Where the client is, when it is in no segment. */
    private Position position;

    /** True from asking for a batch until the answer is taken. */
    private boolean asked;

    private Batch batch;
    /** The segment after the present one: its index in the batch and, during a turn, the segment. */
    private int nextIndex;

    private Segment next;

    ReplayCursor(Position from, CursorOpener opener, Subscriber client, boolean positionUnsent) {
        super(client, Selection.of(new FilterGroup(client.filter(), VERDICTS), client.predicate()), positionUnsent);
        this.opener = opener;
        this.request = new Replay(client, opener.topics(), opener.window);
        this.position = from;
    }

    /** Asks for what follows the position. */
    void ask() {
        request.ask(position);
        Replay.Moved moved = opener.moved(position);
        if (moved != null) {
            asked = true;
            request.answer(moved);
            return;
        }
        Replay.Read cached = opener.replays.cached(request);
        if (cached == null) {
            asked = true;
            opener.replays.serve(request);
        } else {
            enter(cached);
        }
    }

    private void enter(Replay.Read read) {
        batch = read.batch();
        nextIndex = read.index();
        next = read.first();
    }

    @Override
    boolean hasNext() {
        return !asked || request.answer() != null;
    }

    @Override
    boolean next(Slice into, Turn turn) {
        if (asked) {
            Replay.Answer answer = request.answer();
            if (answer == null) {
                return true;
            }
            asked = false;
            if (answer instanceof Replay.Moved moved) {
                position = moved.to();
                takeGaps(moved.gaps(), position, into);
                return into.length() > 0;
            }
            enter((Replay.Read) answer);
        }
        return walkBatch(into, turn);
    }

    private boolean walkBatch(Slice into, Turn turn) {
        next = next == null && batch != null ? batch.segment(nextIndex) : next;
        while (segment() != null || enterNextSegment()) {
            if (walk(segment().count(), true, into, turn)) {
                copyIfNotKept(into);
                return true;
            }
            if (turn.isOver()) {
                return true;
            }
            position = endOfSegment();
            letGo();
        }
        if (batch != null && nextIndex >= batch.size()) {
            Position end = position.orLater(batch.end());
            setPositionUnsent(isPositionUnsent() || !end.equals(position));
            position = end;
        }
        batch = null;
        return false;
    }

    /** The position after all frames of the segment. The next one starts there, so nobody has to go through the frames. */
    private Position endOfSegment() {
        return isShared() && next != null ? next.start() : position();
    }

    private boolean enterNextSegment() {
        releaseKept();
        Segment entered = next;
        if (entered == null) {
            return false;
        }
        nextIndex++;
        next = batch.segment(nextIndex);
        moveTo(entered, 0);
        if (position.equals(entered.start())) {
            becomeShared();
        } else {
            startOwn(new OwnPosition(entered, position));
        }
        if (opener.replays.keep(request.payer(), entered)) {
            kept.set(entered);
            if (request.isAbandoned()) {
                releaseKept();
            }
        }
        return true;
    }

    private boolean isKept() {
        return kept.get() != null;
    }

    @Override
    int maxBytes(Turn turn) {
        return isKept() ? super.maxBytes(turn) : COPIED_BYTES;
    }

    private void copyIfNotKept(Slice into) {
        // What is compressed lies elsewhere.
        if (!isKept()
                && client().compressors() == null
                && into.bytes() == segment().bytes()) {
            int to = into.from() + into.length();
            into.set(Arrays.copyOfRange(into.bytes(), into.from(), to), 0, into.length(), into.events());
        }
    }

    private void releaseKept() {
        Segment before = kept.getAndSet(null);
        if (before != null) {
            opener.replays.release(request.payer(), before);
        }
    }

    @Override
    void park() {
        if (segment() != null && !isKept()) {
            position = position();
            letGo();
            batch = null;
        }
        next = null;
    }

    /** The clients with the same filter that read this segment are a group, of which nothing is kept after it. */
    @Override
    CompressedRun compressed() {
        Compressors compressors = client().compressors();
        EventFilter filter = client().filter();
        return compressors == null
                ? null
                : segment()
                        .compressed(
                                filter,
                                () -> CompressedGroup.ofSegment(
                                        compressors, opener.replays.compressed(), filter.footprint()));
    }

    /** What is replayed has been there before the client. */
    @Override
    long liveTimestamp() {
        return Slice.NO_TIMESTAMP;
    }

    @Override
    Position position() {
        if (segment() == null) {
            return position;
        }
        return isShared() ? segment().positionBefore(frame()) : own().position();
    }

    @Override
    void close() {
        request.abandon();
        releaseKept();
    }
}
