package com.opengrail.kafka.sse.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.opengrail.kafka.sse.internal.source.MappingFailures;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A log is read by more people than may know the passwords. */
class MaskedLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(MappingFailures.class.getPackageName());
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    @Test
    void shouldHideSecretsInStackTraces() {
        Exception failure =
                new IllegalStateException("no schema", new IllegalArgumentException("at https://ann:hush@example.org"));
        new QuietLog(logger, () -> 0).error("Ended a stream", failure);
        assertEquals(1, lines.list.size());
        String trace = ThrowableProxyUtil.asString(lines.list.get(0).getThrowableProxy());
        assertFalse(trace.contains("hush"), trace);
        assertTrue(trace.contains("no schema"), trace);
        assertTrue(trace.contains("MaskedLogTest.shouldHideSecretsInStackTraces"), trace);
    }
}
