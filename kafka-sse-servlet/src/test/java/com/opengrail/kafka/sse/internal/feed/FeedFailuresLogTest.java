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
import java.util.concurrent.TimeUnit;
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
    private long seconds;
    private final FeedFailures failures =
            new FeedFailures(() -> TimeUnit.SECONDS.toNanos(seconds), new CountDownLatch(1));

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

    @Test
    void shouldNotTellOfNoAnswerAfterAnotherFailure() {
        failures.log("orders", new SaslAuthenticationException("wrong password"));
        failures.log("orders", new TimeoutException("no answer"));
        assertEquals(List.of("WARN Cannot follow orders SaslAuthenticationException: wrong password"), warned());
    }

    private List<String> lines() {
        List<String> all = lines.list.stream()
                .map(line -> line.getLevel() + " " + line.getFormattedMessage())
                .toList();
        lines.list.clear();
        return all;
    }

    @Test
    void shouldTellWhyTopicsCannotBeReadAndEachOtherReasonSoonAfter() {
        failures.unreadable("a,b", "");
        failures.unreadable("a,b", "Cannot read a");
        failures.unreadable("a,b", "Cannot read a");
        assertEquals(List.of("WARN Cannot read a; following the others of a,b"), lines());
        for (seconds = 1; seconds <= 9; seconds++) {
            failures.unreadable("a,b", "Cannot read b");
        }
        assertEquals(List.of(), lines());
        failures.unreadable("a,b", "Cannot read b");
        assertEquals(List.of("WARN Cannot read b; following the others of a,b"), lines());
        failures.unreadable("a,b", "");
        failures.unreadable("a,b", "");
        assertEquals(List.of("INFO Following all of a,b again"), lines());
        for (; seconds <= 19; seconds++) {
            failures.unreadable("a,b", "Cannot read a");
        }
        assertEquals(List.of(), lines());
        failures.unreadable("a,b", "Cannot read a");
        assertEquals(List.of("WARN Cannot read a; following the others of a,b"), lines());
    }

    @Test
    void shouldTellTheSameReasonOnceAMinute() {
        for (seconds = 0; seconds < 60; seconds++) {
            failures.unreadable("a,b", seconds % 2 == 0 ? "Cannot read a" : "");
        }
        assertEquals(
                List.of("WARN Cannot read a; following the others of a,b", "INFO Following all of a,b again"), lines());
        failures.unreadable("a,b", "Cannot read a");
        assertEquals(List.of("WARN Cannot read a; following the others of a,b"), lines());
    }
}
