package com.opengrail.kafka.sse.internal.log;

import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Logs a failure once a minute for everybody, and the others for debugging.
 *
 * <p>Threads: safe; two threads at once may both be the first of a minute.
 */
public final class QuietLog {
    private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final String QUIET_NOW = "; for a minute others are logged at debug level";

    private final Logger log;
    private final LongSupplier nanoTime;
    private volatile long loggedAt;

    public QuietLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.loggedAt = nanoTime.getAsLong() - QUIET_NANOS;
    }

    /** A failure that is expected to pass. */
    public void warn(String text) {
        warn(text, null);
    }

    /** A failure, with what caused it. */
    public void warn(String text, Throwable cause) {
        log(log::warn, text, cause);
    }

    /** A failure that somebody has to mend. */
    public void error(String text) {
        error(text, null);
    }

    /** A failure that should not be. */
    public void error(String text, Throwable cause) {
        log(log::error, text, cause);
    }

    private void log(BiConsumer<String, Throwable> aloud, String text, Throwable cause) {
        long now = nanoTime.getAsLong();
        if (now - loggedAt >= QUIET_NANOS) {
            loggedAt = now;
            aloud.accept(text + QUIET_NOW, cause == null ? null : Secrets.hideIn(cause));
        } else {
            log.debug(text, cause);
        }
    }
}
