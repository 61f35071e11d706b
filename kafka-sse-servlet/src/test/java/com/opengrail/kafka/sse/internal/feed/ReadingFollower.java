package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.testing.SseParser;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client that reads when the test does. */
final class ReadingFollower implements Follower {

    final List<String> received = new CopyOnWriteArrayList<>();
    private final SseParser parser = new SseParser((id, type, data) -> received.add(data));
    private final Slice slice = new Slice();
    volatile Cursor cursor;
    volatile Refusal refused;

    List<String> read() {
        while (cursor != null && cursor.next(slice, 1000)) {
            parser.feed(slice.bytes(), slice.from(), slice.length());
        }
        return received;
    }

    @Override
    public void opened(Cursor opened) {
        cursor = opened;
    }

    @Override
    public boolean refused(Refusal why) {
        refused = why;
        return true;
    }

    @Override
    public void wake(long firstMatch) {}
}
