package com.opengrail.kafka.sse.internal.feed;

/** A client of a benchmark: nothing is done for it beyond telling it. */
final class NoFollower implements Follower {
    @Override
    public void opened(Cursor cursor) {
        throw new IllegalStateException("opened by nobody");
    }

    @Override
    public boolean refused(Refusal refusal) {
        throw new IllegalStateException("refused by nobody");
    }

    @Override
    public void wake(long firstMatch) {
        // That it was called is what is measured.
    }
}
