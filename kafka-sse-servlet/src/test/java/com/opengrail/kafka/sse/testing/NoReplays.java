package com.opengrail.kafka.sse.testing;

import com.opengrail.kafka.sse.internal.cursor.ClientSources;
import com.opengrail.kafka.sse.internal.cursor.Replay;
import com.opengrail.kafka.sse.internal.cursor.Replays;
import com.opengrail.kafka.sse.internal.gzip.ByteBudget;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.OffsetLookups;
import com.opengrail.kafka.sse.internal.window.Segment;
import org.apache.kafka.common.TopicPartition;

/** Where everything is in the window. */
public final class NoReplays implements Replays {

    /** What is asked for the clients of feeds that need none. */
    public static ClientSources with(KafkaSource source) {
        return new ClientSources(new NoReplays(), new OffsetLookups(source, System::nanoTime));
    }

    @Override
    public Replay.Read cached(Replay request) {
        throw unexpected(request);
    }

    @Override
    public void truncated(Layout layout, TopicPartition partition, long to) {
        // Nothing is kept.
    }

    @Override
    public void serve(Replay request) {
        throw unexpected(request);
    }

    private static AssertionError unexpected(Replay request) {
        return new AssertionError("nothing here is older than the window: " + request.position());
    }

    @Override
    public boolean keep(String payer, Segment segment) {
        return true;
    }

    @Override
    public void release(String payer, Segment segment) {
        // Nothing is counted.
    }

    @Override
    public ByteBudget compressed() {
        throw new AssertionError("nothing here is older than the window");
    }
}
