package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.opengrail.kafka.sse.internal.source.UnknownTopicsException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What operators read in the log while a feed fails. */
class FeedFailuresLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(Feed.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final FeedFailures failures = new FeedFailures(() -> 0, new CountDownLatch(1));

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    private List<String> warned() {
        return lines.list.stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .map(line -> line.getLevel() + " "
                        + line.getFormattedMessage().replaceAll("for now, trying again: ([\\w]+\\.)*", ""))
                .toList();
    }

    @Test
    void shouldTellEachKindOfFailureOnceUntilTheBrokersHaveAnswered() {
        for (int attempt = 1; attempt <= 3; attempt++) {
            failures.log("orders", new TimeoutException("attempt " + attempt));
            failures.log("orders", new UnknownTopicsException(Set.of("orders")));
            failures.log("orders", new SaslAuthenticationException("attempt " + attempt));
            failures.log("orders", new StackOverflowError());
        }
        List<String> once = List.of(
                "WARN Cannot follow orders TimeoutException: attempt 1",
                "WARN Cannot follow orders UnknownTopicsException: The brokers do not know orders",
                "WARN Cannot follow orders SaslAuthenticationException: attempt 1",
                "ERROR Cannot follow orders, trying again");
        assertEquals(once, warned());
        failures.over();
        lines.list.clear();
        failures.log("orders", new TimeoutException("attempt 1"));
        assertEquals(once.subList(0, 1), warned());
    }
}
