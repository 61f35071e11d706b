package com.opengrail.kafka.sse;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Publishes most of {@link KafkaSseMXBean} to Micrometer. It needs {@code micrometer-core} on the class path. No other
 * class does.
 *
 * <pre>{@code
 * KafkaSse.enginesOf(context)
 *         .forEach(engine -> new KafkaSseMeterBinder(engine.metrics()).bindTo(registry));
 * }</pre>
 *
 * <p>Counters, from the engine's start: {@code kafka.sse.sent.events}, {@code kafka.sse.sent.bytes},
 * {@code kafka.sse.read.records} (tag {@code source}: {@code tail} or {@code replay}),
 * {@code kafka.sse.mapping.errors}, {@code kafka.sse.gaps}, {@code kafka.sse.refused.requests} (tag {@code reason}),
 * {@code kafka.sse.feed.failures}, {@code kafka.sse.replay.failures}. Gauges: {@code kafka.sse.connections} (tag
 * {@code state}: {@code live}, {@code replaying} or {@code opening}), {@code kafka.sse.feeds},
 * {@code kafka.sse.replay.consecutive.failures}; {@code kafka.sse.latency.p50}, {@code kafka.sse.latency.p99} and
 * {@code kafka.sse.latency.max}, which are times ({@link StreamLatency}); and with the topics of a feed as the tag
 * {@code stream}: {@code kafka.sse.feed.clients}, {@code kafka.sse.feed.following} (1, or 0 while it starts or fails),
 * {@code kafka.sse.feed.lag.records}, {@code kafka.sse.feed.window.events}, {@code kafka.sse.feed.window.bytes},
 * {@code kafka.sse.feed.last.answer.age.seconds}, {@code kafka.sse.feed.consecutive.failures}. What is not known yet is
 * NaN.
 *
 * <p>A timer, from the engine's start: {@code kafka.sse.latency}, with count and sum. Its buckets are the counters
 * {@code kafka.sse.latency.events} with the tag {@code le}: the bound in seconds. Each includes the events of the lower
 * bounds, and the one with {@code +Inf} has all. Prometheus makes quantiles of several servers from them.
 *
 * <p>Feeds come and go with their clients. The set of gauges is updated whenever {@code kafka.sse.feeds} is read, so
 * with each publication.
 *
 * <p>Threads: safe. The binder does not keep the engine in memory.
 */
public final class KafkaSseMeterBinder implements MeterBinder {
    private static final String PREFIX = "kafka.sse.";

    private final KafkaSseMXBean metrics;
    private final Tags tags;

    /**
     * A binder without tags of its own.
     *
     * @param metrics of an engine
     * @throws NullPointerException if they are {@code null}
     */
    public KafkaSseMeterBinder(KafkaSseMXBean metrics) {
        this(metrics, List.of());
    }

    /**
     * A binder.
     *
     * @param metrics of an engine
     * @param tags given to every meter, to tell the engines of a process apart
     * @throws NullPointerException if one of the two is {@code null}
     */
    public KafkaSseMeterBinder(KafkaSseMXBean metrics, Iterable<Tag> tags) {
        this.metrics = Objects.requireNonNull(metrics, "metrics == null");
        this.tags = Tags.of(Objects.requireNonNull(tags, "tags == null"));
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bindCounters(registry);
        connections("live", KafkaSseMXBean::getLiveConnections, registry);
        connections("replaying", KafkaSseMXBean::getReplayingConnections, registry);
        connections("opening", KafkaSseMXBean::getOpeningConnections, registry);
        Gauge.builder(PREFIX + "replay.consecutive.failures", metrics, KafkaSseMXBean::getReplayConsecutiveFailures)
                .description("Failures to read older records since it last succeeded")
                .baseUnit("failures")
                .tags(tags)
                .register(registry);
        bindLatency(registry);
        FeedGauges feeds = new FeedGauges(registry, tags);
        Gauge.builder(PREFIX + "feeds", metrics, feeds::update)
                .description("Combinations of topics that are followed")
                .baseUnit("feeds")
                .tags(tags)
                .register(registry);
    }

    private void bindCounters(MeterRegistry registry) {
        counter("sent.events", "events", Tags.empty(), KafkaSseMXBean::getEventsSent, registry);
        counter("sent.bytes", "bytes", Tags.empty(), KafkaSseMXBean::getBytesSent, registry);
        counter("read.records", "records", Tags.of("source", "tail"), KafkaSseMXBean::getTailRecordsRead, registry);
        counter("read.records", "records", Tags.of("source", "replay"), KafkaSseMXBean::getReplayRecordsRead, registry);
        counter("mapping.errors", "errors", Tags.empty(), KafkaSseMXBean::getMappingErrors, registry);
        counter("gaps", "gaps", Tags.empty(), KafkaSseMXBean::getGaps, registry);
        counter("feed.failures", "failures", Tags.empty(), KafkaSseMXBean::getFeedFailures, registry);
        counter("replay.failures", "failures", Tags.empty(), KafkaSseMXBean::getReplayFailures, registry);
        for (String reason : metrics.getRefused().keySet()) {
            counter(
                    "refused.requests",
                    "requests",
                    Tags.of("reason", reason),
                    engine -> engine.getRefused().get(reason),
                    registry);
        }
    }

    private void counter(
            String name, String unit, Tags own, ToDoubleFunction<KafkaSseMXBean> value, MeterRegistry registry) {
        FunctionCounter.builder(PREFIX + name, metrics, value)
                .baseUnit(unit)
                .tags(tags.and(own))
                .register(registry);
    }

    private void bindLatency(MeterRegistry registry) {
        String name = PREFIX + "latency";
        FunctionTimer.builder(
                        name,
                        metrics,
                        engine -> engine.getLatency().getEvents(),
                        engine -> engine.getLatency().getTotalMillis(),
                        TimeUnit.MILLISECONDS)
                .description("Time from the record's timestamp to the write, of live events")
                .tags(tags)
                .register(registry);
        recent(name + ".p50", StreamLatency::getP50Millis, registry);
        recent(name + ".p99", StreamLatency::getP99Millis, registry);
        recent(name + ".max", StreamLatency::getMaxMillis, registry);
        for (Long bound : metrics.getLatency().getEventsBelowMillis().keySet()) {
            below(
                    Double.toString(bound / (double) TimeUnit.SECONDS.toMillis(1)),
                    engine -> engine.getLatency().getEventsBelowMillis().get(bound),
                    registry);
        }
        below("+Inf", engine -> engine.getLatency().getEvents(), registry);
    }

    private void recent(String name, ToLongFunction<StreamLatency> millis, MeterRegistry registry) {
        TimeGauge.builder(
                        name, metrics, TimeUnit.MILLISECONDS, engine -> known(millis.applyAsLong(engine.getLatency())))
                .description("Latency of the live events of the last one to two minutes")
                .tags(tags)
                .register(registry);
    }

    private void below(String seconds, ToDoubleFunction<KafkaSseMXBean> events, MeterRegistry registry) {
        counter("latency.events", "events", Tags.of("le", seconds), events, registry);
    }

    private static double known(long value) {
        return value < 0 ? Double.NaN : value;
    }

    private void connections(String state, ToDoubleFunction<KafkaSseMXBean> value, MeterRegistry registry) {
        Gauge.builder(PREFIX + "connections", metrics, value)
                .description("Open streams")
                .baseUnit("connections")
                .tags(tags.and("state", state))
                .register(registry);
    }

    /** The gauges of the feeds in one registry. Threads: safe; a gauge may be read by several at once. */
    private static final class FeedGauges {
        private record FeedGauge(MultiGauge gauge, ToDoubleFunction<KafkaSseMXBean.Feed> value) {}

        private final MeterRegistry registry;
        private final Tags tags;
        private final List<FeedGauge> gauges;
        private volatile Map<String, KafkaSseMXBean.Feed> known = Map.of();

        FeedGauges(MeterRegistry registry, Tags tags) {
            this.registry = registry;
            this.tags = tags;
            this.gauges = List.of(
                    gauge("clients", "clients", KafkaSseMXBean.Feed::getClients),
                    gauge("following", null, feed -> feed.getState().equals("following") ? 1 : 0),
                    gauge("lag.records", "records", feed -> known(feed.getLagRecords())),
                    gauge("window.events", "events", KafkaSseMXBean.Feed::getWindowEvents),
                    gauge("window.bytes", "bytes", KafkaSseMXBean.Feed::getWindowBytes),
                    gauge("last.answer.age.seconds", "seconds", FeedGauges::answerAgeSeconds),
                    gauge("consecutive.failures", "failures", KafkaSseMXBean.Feed::getConsecutiveFailures));
        }

        private FeedGauge gauge(String name, @Nullable String unit, ToDoubleFunction<KafkaSseMXBean.Feed> value) {
            MultiGauge gauge = MultiGauge.builder(PREFIX + "feed." + name)
                    .baseUnit(unit)
                    .tags(tags)
                    .register(registry);
            return new FeedGauge(gauge, value);
        }

        /** Makes the gauges those of the feeds that there are, and counts the feeds. */
        double update(KafkaSseMXBean metrics) {
            Map<String, KafkaSseMXBean.Feed> feeds = metrics.getFeeds();
            if (!feeds.equals(known)) {
                known = feeds;
                gauges.forEach(each -> register(each, feeds));
            }
            return feeds.size();
        }

        private static void register(FeedGauge gauge, Map<String, KafkaSseMXBean.Feed> feeds) {
            List<MultiGauge.Row<?>> rows = feeds.entrySet().stream()
                    .<MultiGauge.Row<?>>map(
                            feed -> MultiGauge.Row.of(Tags.of("stream", feed.getKey()), feed.getValue(), gauge.value()))
                    .toList();
            gauge.gauge().register(rows, true);
        }

        private static double answerAgeSeconds(KafkaSseMXBean.Feed feed) {
            return known(feed.getLastAnswerAgeMillis()) / TimeUnit.SECONDS.toMillis(1);
        }
    }
}
