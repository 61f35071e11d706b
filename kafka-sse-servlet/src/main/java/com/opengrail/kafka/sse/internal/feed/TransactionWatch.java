package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.OffsetQuestion;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the brokers now and then how many records wait for the end of a transaction, since one that hangs holds them back.
 *
 * <p>Threads: the feed's thread alone.
 */
final class TransactionWatch {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionWatch.class);
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final KafkaSource source;
    private final FeedStatus status;
    private final LongSupplier nanoTime;
    private long askedAt;

    TransactionWatch(KafkaSource source, FeedStatus status, LongSupplier nanoTime) {
        this.source = source;
        this.status = status;
        this.nanoTime = nanoTime;
        this.askedAt = nanoTime.getAsLong() - PERIOD_NANOS;
    }

    /** Asks if it is time to, without waiting for the answer. */
    void askNowAndThen(OffsetQuestion question) {
        long now = nanoTime.getAsLong();
        if (now - askedAt < PERIOD_NANOS) {
            return;
        }
        askedAt = now;
        source.unstableRecords(question).whenComplete((records, failure) -> {
            if (failure == null) {
                status.unstable(records);
            } else {
                LOG.debug("Cannot find the unstable records of {} for now", question.layout(), failure);
            }
        });
    }
}
