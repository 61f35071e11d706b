package com.opengrail.kafka.sse.testing;

import com.opengrail.kafka.sse.internal.cursor.Cursor;
import com.opengrail.kafka.sse.internal.cursor.StartFailure;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.match.Turns;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client that reads when the test does. */
public final class ReadingFollower implements QuietFollower {

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final SseParser parser = new SseParser((id, type, data) -> received.add(data));
    private final Slice slice = new Slice();
    private final Turn turn = Turns.of(1000, () -> 0);
    private volatile Cursor cursor;
    private volatile StartFailure failure;
    private volatile Instant openSince;

    /** Reads what there is, and gives the data of all events so far. */
    public List<String> read() {
        boolean isAny = cursor != null;
        while (isAny) {
            slice.clear();
            turn.begin();
            cursor.next(slice, turn);
            isAny = slice.length() > 0;
            if (isAny) {
                parser.feed(slice.bytes(), slice.from(), slice.length());
            }
        }
        return received;
    }

    /** The data of all events read so far. */
    public List<String> received() {
        return received;
    }

    /** The cursor, or {@code null} before the stream has started. */
    public Cursor cursor() {
        return cursor;
    }

    /** Why the stream cannot start, or {@code null}. */
    public StartFailure failure() {
        return failure;
    }

    /** Opens its stream without a position. */
    public void open() {
        openSince = Instant.now();
    }

    @Override
    public Instant openSince() {
        return openSince;
    }

    @Override
    public void opened(Cursor opened) {
        cursor = opened;
    }

    @Override
    public boolean failed(StartFailure why) {
        failure = why;
        return true;
    }

    @Override
    public void wake() {
        // The test says when it reads.
    }
}
