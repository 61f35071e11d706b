package com.opengrail.kafka.sse.internal.replay;

import com.opengrail.kafka.sse.internal.log.QuietLog;
import com.opengrail.kafka.sse.internal.log.RootCause;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has failed of the readers' work: counted, and logged once a minute.
 *
 * <p>Threads: safe.
 */
final class ReplayHealth {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayHealth.class);

    private final Counters counters;
    private final QuietLog quietLog;
    private final AtomicLong consecutiveFailures = new AtomicLong();
    private volatile String lastError = "";

    ReplayHealth(Counters counters, LongSupplier nanoTime) {
        this.counters = counters;
        this.quietLog = new QuietLog(LOG, nanoTime);
    }

    void failed(Throwable e, String what) {
        lastError = RootCause.describe(e);
        consecutiveFailures.incrementAndGet();
        counters.replayFailures.increment();
        if (e instanceof KafkaException) {
            quietLog.warn("Cannot read " + what + " for now: " + lastError);
        } else {
            quietLog.error("Cannot read " + what + ", trying again", e);
        }
    }

    void served() {
        if (consecutiveFailures.get() > 0) {
            consecutiveFailures.set(0);
        }
    }

    /** The failures since a request was last served. */
    long consecutiveFailures() {
        return consecutiveFailures.get();
    }

    /** The last failure, or an empty string if there was none. */
    String lastError() {
        return lastError;
    }
}
