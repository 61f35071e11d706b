package com.opengrail.kafka.sse.testing;

import com.opengrail.kafka.sse.internal.cursor.Cursor;
import com.opengrail.kafka.sse.internal.cursor.StartFailure;

/** A client for which nothing is done beyond waking it. */
public class NoFollower implements QuietFollower {
    @Override
    public void opened(Cursor cursor) {
        throw new IllegalStateException("opened by nobody");
    }

    @Override
    public boolean failed(StartFailure failure) {
        throw new IllegalStateException("failed by nobody");
    }

    @Override
    public void wake() {
        // That it was called is what is measured.
    }
}
