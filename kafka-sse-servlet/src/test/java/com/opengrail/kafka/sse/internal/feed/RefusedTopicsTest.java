package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.cursor.StartFailure;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.source.Description;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.ReadingFollower;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Anybody can ask for any allowed topic. What is wrong with it says nothing about the server. */
class RefusedTopicsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String TOPIC = FeedFailuresTest.TOPIC;
    private static final Layout LARGE = new Layout(List.of(new Layout.Topic(TOPIC, new Uuid(1, 2), 700)));

    private final KafkaSource source = mock(KafkaSource.class);
    private Feed feed;

    private FeedStatus start(String... awaited) {
        when(source.silentAfter()).thenReturn(Duration.ofSeconds(10));
        feed = FeedFailuresTest.feed(source, new Counters(), awaited);
        feed.members.set(1);
        feed.start();
        return feed.status();
    }

    @AfterEach
    void stop() throws InterruptedException {
        feed.close();
        assertTrue(feed.awaitEnd(LIMIT.toMillis()));
    }

    private StartFailure refusal() {
        ReadingFollower client = new ReadingFollower();
        feed.join(new Start.Latest(), client);
        Await.until("the refusal", LIMIT, () -> client.failure() != null, () -> "none");
        return client.failure();
    }

    @Test
    void shouldRefuseEachClientOfATopicWithTooManyPartitions() {
        when(source.describe(any()))
                .thenReturn(CompletableFuture.completedFuture(
                        new Description(LARGE.topics(), Set.of(), Set.of(), Set.of())));
        FeedStatus status = start();
        for (int client = 0; client < 4; client++) {
            assertEquals(StartFailure.Reason.BAD_REQUEST, refusal().reason());
        }
        assertEquals("starting", status.getState());
        assertEquals(0, status.getFailures());
    }

    @Test
    void shouldFailIfATopicOfTheSettingsHasTooManyPartitions() {
        when(source.describe(any()))
                .thenReturn(CompletableFuture.completedFuture(
                        new Description(LARGE.topics(), Set.of(), Set.of(), Set.of())));
        FeedStatus status = start(TOPIC);
        assertEquals(StartFailure.Reason.BAD_REQUEST, refusal().reason());
        Await.until("a failure", LIMIT, () -> status.getState().equals("failing"), status::getState);
    }

    /** A stranger that has gone does not cost the brokers anything. */
    @Test
    void shouldNotAskForWhoHasGone() {
        AtomicInteger asked = new AtomicInteger();
        when(source.describe(any())).thenAnswer(call -> {
            asked.incrementAndGet();
            return CompletableFuture.completedFuture(new Description(LARGE.topics(), Set.of(), Set.of(), Set.of()));
        });
        start();
        refusal();
        feed.members.set(0);
        int before = asked.get();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
        Await.until("some pauses", LIMIT, () -> System.nanoTime() >= end, () -> "a clock that stands");
        assertTrue(asked.get() <= before + 1, () -> asked + " questions: one may have been on its way");
        feed.members.set(1);
        refusal();
    }

    @Test
    void shouldTellOperatorsOfATopicThatMayNotBeReadAndStayReady() {
        when(source.describe(any()))
                .thenReturn(CompletableFuture.completedFuture(
                        new Description(List.of(), Set.of(), Set.of(TOPIC), Set.of())));
        FeedStatus status = start();
        Await.until("some failures", LIMIT, () -> status.getFailures() > 1, status::getFailures);
        assertEquals("starting", status.getState());
        assertTrue(status.getLastError().contains(TOPIC), status::getLastError);
    }

    @Test
    void shouldFailIfATopicOfTheSettingsMayNotBeRead() {
        when(source.describe(any()))
                .thenReturn(CompletableFuture.completedFuture(
                        new Description(List.of(), Set.of(), Set.of(TOPIC), Set.of())));
        FeedStatus status = start(TOPIC);
        Await.until("a failure", LIMIT, () -> status.getState().equals("failing"), status::getState);
    }
}
