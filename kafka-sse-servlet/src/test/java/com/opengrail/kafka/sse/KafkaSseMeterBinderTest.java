package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KafkaSseMeterBinderTest {
    private final KafkaSseMXBean metrics = mock(KafkaSseMXBean.class);
    private final StreamLatency latency = mock(StreamLatency.class);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void bind() {
        when(metrics.getRefused()).thenReturn(Map.of("max-feeds", 4L, "404", 5L));
        when(metrics.getLatency()).thenReturn(latency);
        when(latency.getEventsBelowMillis()).thenReturn(Map.of(1L, 3L, 1024L, 7L));
        new KafkaSseMeterBinder(metrics, Tags.of("app", "shop")).bindTo(registry);
    }

    private double counter(String name, String... tags) {
        return registry.get(name)
                .tags(tags)
                .tag("app", "shop")
                .functionCounter()
                .count();
    }

    private double gauge(String name, String... tags) {
        return registry.get(name).tags(tags).tag("app", "shop").gauge().value();
    }

    private static KafkaSseMXBean.Feed feed(String state, long lag, long ageMillis) {
        KafkaSseMXBean.Feed feed = mock(KafkaSseMXBean.Feed.class);
        when(feed.getState()).thenReturn(state);
        when(feed.getLagRecords()).thenReturn(lag);
        when(feed.getLastAnswerAgeMillis()).thenReturn(ageMillis);
        when(feed.getClients()).thenReturn(7L);
        when(feed.getWindowBytes()).thenReturn(65_536L);
        when(feed.getWindowEvents()).thenReturn(12L);
        when(feed.getConsecutiveFailures()).thenReturn(2L);
        return feed;
    }

    private void publish() {
        registry.getMeters()
                .forEach(meter -> meter.measure()
                        .forEach(value -> assertTrue(value.getValue() >= 0 || Double.isNaN(value.getValue()))));
    }

    @Test
    void shouldGiveTheCounters() {
        when(metrics.getEventsSent()).thenReturn(10L);
        when(metrics.getBytesSent()).thenReturn(2_000L);
        when(metrics.getTailRecordsRead()).thenReturn(3L);
        when(metrics.getReplayRecordsRead()).thenReturn(4L);
        when(metrics.getMappingErrors()).thenReturn(5L);
        when(metrics.getGaps()).thenReturn(6L);
        when(metrics.getFeedFailures()).thenReturn(7L);
        when(metrics.getReplayFailures()).thenReturn(8L);
        assertEquals(10, counter("kafka.sse.sent.events"));
        assertEquals(2_000, counter("kafka.sse.sent.bytes"));
        assertEquals(3, counter("kafka.sse.read.records", "source", "tail"));
        assertEquals(4, counter("kafka.sse.read.records", "source", "replay"));
        assertEquals(5, counter("kafka.sse.mapping.errors"));
        assertEquals(6, counter("kafka.sse.gaps"));
        assertEquals(7, counter("kafka.sse.feed.failures"));
        assertEquals(8, counter("kafka.sse.replay.failures"));
        assertEquals(4, counter("kafka.sse.refused.requests", "reason", "max-feeds"));
        assertEquals(5, counter("kafka.sse.refused.requests", "reason", "404"));
    }

    @Test
    void shouldGiveTheConnectionsByState() {
        when(metrics.getLiveConnections()).thenReturn(20L);
        when(metrics.getReplayingConnections()).thenReturn(2L);
        when(metrics.getOpeningConnections()).thenReturn(1L);
        when(metrics.getReplayConsecutiveFailures()).thenReturn(9L);
        assertEquals(20, gauge("kafka.sse.connections", "state", "live"));
        assertEquals(2, gauge("kafka.sse.connections", "state", "replaying"));
        assertEquals(1, gauge("kafka.sse.connections", "state", "opening"));
        assertEquals(9, gauge("kafka.sse.replay.consecutive.failures"));
    }

    @Test
    void shouldGiveTheLatencyInTheUnitOfTheRegistry() {
        when(latency.getP50Millis()).thenReturn(20L);
        when(latency.getP99Millis()).thenReturn(1_500L);
        when(latency.getMaxMillis()).thenReturn(-1L);
        when(latency.getEvents()).thenReturn(8L);
        when(latency.getTotalMillis()).thenReturn(4_000L);
        assertEquals(0.02, gauge("kafka.sse.latency.p50"));
        assertEquals(1.5, gauge("kafka.sse.latency.p99"));
        assertEquals(Double.NaN, gauge("kafka.sse.latency.max"));
        FunctionTimer timer =
                registry.get("kafka.sse.latency").tag("app", "shop").functionTimer();
        assertEquals(8, timer.count());
        assertEquals(4, timer.totalTime(TimeUnit.SECONDS));
        assertEquals(3, counter("kafka.sse.latency.events", "le", "0.001"));
        assertEquals(7, counter("kafka.sse.latency.events", "le", "1.024"));
        assertEquals(8, counter("kafka.sse.latency.events", "le", "+Inf"));
    }

    @Test
    void shouldFollowTheFeedsAsTheyComeAndGo() {
        KafkaSseMXBean.Feed orders = feed("following", 3, 1500);
        KafkaSseMXBean.Feed other = feed("starting", -1, -1);
        when(metrics.getFeeds()).thenReturn(Map.of("orders", orders, "a,b", other));
        publish();
        assertEquals(2, gauge("kafka.sse.feeds"));
        assertEquals(3, gauge("kafka.sse.feed.lag.records", "stream", "orders"));
        assertEquals(1.5, gauge("kafka.sse.feed.last.answer.age.seconds", "stream", "orders"));
        assertEquals(1, gauge("kafka.sse.feed.following", "stream", "orders"));
        assertEquals(7, gauge("kafka.sse.feed.clients", "stream", "orders"));
        assertEquals(65_536, gauge("kafka.sse.feed.window.bytes", "stream", "orders"));
        assertEquals(12, gauge("kafka.sse.feed.window.events", "stream", "orders"));
        assertEquals(2, gauge("kafka.sse.feed.consecutive.failures", "stream", "orders"));
        assertEquals(0, gauge("kafka.sse.feed.following", "stream", "a,b"));
        assertEquals(Double.NaN, gauge("kafka.sse.feed.lag.records", "stream", "a,b"));
        assertEquals(Double.NaN, gauge("kafka.sse.feed.last.answer.age.seconds", "stream", "a,b"));
        KafkaSseMXBean.Feed anew = feed("following", 0, 10);
        when(metrics.getFeeds()).thenReturn(Map.of("orders", anew));
        publish();
        assertEquals(0, gauge("kafka.sse.feed.lag.records", "stream", "orders"));
        Set<String> streams = registry.getMeters().stream()
                .map(meter -> meter.getId().getTag("stream"))
                .filter(stream -> stream != null)
                .collect(Collectors.toSet());
        assertEquals(Set.of("orders"), streams);
    }

    @Test
    void shouldNameEveryMeterAfterTheConventions() {
        for (Meter meter : registry.getMeters()) {
            assertTrue(
                    meter.getId().getName().matches("kafka\\.sse(\\.[a-z]+)+(\\.p[0-9]+)?"),
                    meter.getId().getName());
            assertTrue(meter.getId().getBaseUnit() != null, meter.getId().getName());
        }
    }
}
