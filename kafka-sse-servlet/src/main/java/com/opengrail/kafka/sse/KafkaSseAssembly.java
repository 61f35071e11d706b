package com.opengrail.kafka.sse;

import com.opengrail.kafka.sse.internal.client.ClientOptions;
import com.opengrail.kafka.sse.internal.client.ConnectionLimits;
import com.opengrail.kafka.sse.internal.client.Cors;
import com.opengrail.kafka.sse.internal.client.ServerOptions;
import com.opengrail.kafka.sse.internal.client.StreamServer;
import com.opengrail.kafka.sse.internal.client.TopicRules;
import com.opengrail.kafka.sse.internal.feed.FeedOptions;
import com.opengrail.kafka.sse.internal.feed.FeedSources;
import com.opengrail.kafka.sse.internal.feed.Feeds;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.replay.ReplayOptions;
import com.opengrail.kafka.sse.internal.replay.ReplayPool;
import com.opengrail.kafka.sse.internal.settings.Settings;
import com.opengrail.kafka.sse.internal.source.Deserializers;
import com.opengrail.kafka.sse.internal.source.KafkaCluster;
import com.opengrail.kafka.sse.internal.source.MappingFailures;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the parts of an engine. */
final class KafkaSseAssembly {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSse.class);

    /** The least and the most memory for batches that may be of use for other replays. */
    private static final long LEAST_REPLAY_BYTES = 8L << 20;

    private static final long MOST_REPLAY_BYTES = 32L << 20;

    private KafkaSseAssembly() {}

    /**
     * An engine from settings.
     *
     * @param settings read and checked
     * @param name of the engine, with which the names of its threads and Kafka clients begin
     */
    static KafkaSse engine(Settings settings, String name) {
        Deserializers deserializers = new Deserializers(settings.consumerProperties(), null, null);
        Composition composition = new Composition(
                settings.eventMappers().defaultMapper(),
                settings.eventMappers().mappers(),
                deserializers,
                new Start.Latest(),
                () -> {});
        return engine(settings, composition, name);
    }

    /**
     * What an engine is made of besides its settings.
     *
     * @param defaultMapper whether the default mapper is the first
     * @param mappers the mappers that follow
     * @param deserializers give what the mappers see
     * @param defaultStart where a stream starts when a request does not say
     * @param afterClose run when the engine has been closed
     */
    record Composition(
            boolean defaultMapper,
            List<SseEventMapper> mappers,
            Deserializers deserializers,
            Start defaultStart,
            Runnable afterClose) {}

    /** Clients that have fallen behind the window together are spread over about as much of the log again. */
    private static ReplayOptions ofReplays(Settings settings, String name) {
        long cacheBytes = Math.max(LEAST_REPLAY_BYTES, Math.min(MOST_REPLAY_BYTES, 2 * settings.windowBytes()));
        return new ReplayOptions(
                settings.replayThreads(),
                settings.bufferSize(),
                cacheBytes,
                Duration.ofMillis(settings.pollTimeoutMillis()),
                settings.eventFilter(),
                name);
    }

    static KafkaSse engine(Settings settings, Composition composition, String name) {
        settings.warnings().forEach(LOG::warn);
        MappingFailures mappingFailures = new MappingFailures(System::nanoTime);
        Counters counters = new Counters();
        KafkaCluster cluster = new KafkaCluster(
                settings.consumerProperties(),
                composition.defaultMapper(),
                composition.mappers(),
                composition.deserializers(),
                mappingFailures);
        Duration pollTimeout = Duration.ofMillis(settings.pollTimeoutMillis());
        FeedOptions ofFeeds =
                new FeedOptions(settings.windowBytes(), pollTimeout, settings.eventFilter(), cluster.topicCheck());
        ReplayPool replays = new ReplayPool(cluster, ofReplays(settings, name), counters);
        Feeds feeds = new Feeds(
                new FeedSources(cluster, replays, name, counters), ofFeeds, settings.maxFeeds(), System::nanoTime);
        ServerOptions ofServer = new ServerOptions(
                name,
                settings.writerThreads(),
                new ConnectionLimits(settings.maxConnections(), settings.maxConnectionsPerAddress()),
                new ClientOptions(
                        settings.keepAliveMillis(),
                        settings.retryMillis(),
                        settings.stallTimeoutMillis(),
                        settings.maxConnectionMillis(),
                        settings.positionEvent()),
                new TopicRules(settings.topics(), composition.defaultStart(), settings.allowedTopics()::allows),
                new Cors(
                        settings.allowedOrigins()::allows,
                        settings.allowedOrigins().allowsAny(),
                        settings.allowedOrigins().isEmpty()));
        StreamServer server = new StreamServer(ofServer, feeds, counters, System::nanoTime);
        KafkaSseMXBean metrics = new KafkaSseMetrics(counters, mappingFailures, server, feeds, replays);
        return new KafkaSse(name, server, replays, metrics, composition.afterClose());
    }
}
