package com.opengrail.kafka.sse;

import com.opengrail.kafka.sse.internal.access.ConnectionLimits;
import com.opengrail.kafka.sse.internal.client.ClientOptions;
import com.opengrail.kafka.sse.internal.client.ServerOptions;
import com.opengrail.kafka.sse.internal.client.StreamServer;
import com.opengrail.kafka.sse.internal.cursor.ClientSources;
import com.opengrail.kafka.sse.internal.feed.FeedOptions;
import com.opengrail.kafka.sse.internal.feed.FeedSources;
import com.opengrail.kafka.sse.internal.feed.Feeds;
import com.opengrail.kafka.sse.internal.mapper.MapperList;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.replay.ReplayOptions;
import com.opengrail.kafka.sse.internal.replay.ReplayPool;
import com.opengrail.kafka.sse.internal.request.Cors;
import com.opengrail.kafka.sse.internal.request.RequestRules;
import com.opengrail.kafka.sse.internal.request.TopicRoles;
import com.opengrail.kafka.sse.internal.request.TopicRules;
import com.opengrail.kafka.sse.internal.settings.Setting;
import com.opengrail.kafka.sse.internal.settings.Settings;
import com.opengrail.kafka.sse.internal.settings.SettingsException;
import com.opengrail.kafka.sse.internal.source.Deserializers;
import com.opengrail.kafka.sse.internal.source.KafkaCluster;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.MappingFailures;
import com.opengrail.kafka.sse.internal.source.OffsetLookups;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the parts of an engine. */
final class KafkaSseAssembly {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSse.class);

    private static final long LONGEST_POLL_MILLIS = 100;

    private KafkaSseAssembly() {}

    /** Between two polls a thread does all else that it does for clients, so no poll may wait longer. */
    private static Duration pollTimeout(Settings settings) {
        return Duration.ofMillis(Math.min(LONGEST_POLL_MILLIS, settings.number(Setting.POLL_TIMEOUT_MILLIS)));
    }

    private static FeedOptions ofFeeds(Settings settings, Duration topicCheck) {
        return new FeedOptions(
                settings.number(Setting.WINDOW_BYTES),
                Math.max(settings.number(Setting.WINDOW_BYTES), settings.number(Setting.REPLAY_BYTES)),
                pollTimeout(settings),
                settings.eventFilter(),
                topicCheck,
                Set.copyOf(settings.topics()));
    }

    /**
     * The engine of a servlet or filter, from its init-params and the environment.
     *
     * @param name its name in the deployment
     * @param names of the init-params
     * @param values gives an init-param's value
     * @throws ServletException if a setting is wrong
     */
    static KafkaSse engine(String name, ServletContext context, Enumeration<String> names, UnaryOperator<String> values)
            throws ServletException {
        Map<String, String> initParams = new HashMap<>();
        for (String initParam : Collections.list(names)) {
            initParams.put(initParam, values.apply(initParam));
        }
        try {
            return engine(Settings.read(initParams, System.getenv()), engineName(context, name));
        } catch (SettingsException e) {
            throw new ServletException(e.getMessage(), e);
        }
    }

    /** What the names of threads and client ids begin with. Those of two applications of a container differ. */
    static String engineName(ServletContext context, String name) {
        return "kafka-sse" + context.getContextPath().replace('/', '-') + "-" + name;
    }

    static KafkaSse engine(Settings settings, String name) {
        Deserializers deserializers = new Deserializers(settings.consumerProperties(), null, null);
        Composition composition = new Composition(settings.eventMappers(), deserializers, new Start.Latest(), () -> {});
        return engine(settings, composition, name);
    }

    /**
     * What an engine is made of besides its settings.
     *
     * @param mappers make events of records
     * @param deserializers deserialize what the mappers see
     * @param defaultStart where a stream starts when a request does not say
     * @param afterClose run when the engine has been closed
     */
    record Composition(MapperList mappers, Deserializers deserializers, Start defaultStart, Runnable afterClose) {}

    private static ReplayOptions ofReplays(Settings settings, String name) {
        return new ReplayOptions(
                settings.count(Setting.REPLAY_THREADS),
                settings.count(Setting.BUFFER_SIZE),
                settings.number(Setting.REPLAY_BYTES),
                pollTimeout(settings),
                settings.eventFilter(),
                name);
    }

    private static ServerOptions serverOptions(
            Settings settings, Start defaultStart, ReservedNames reserved, String name) {
        return new ServerOptions(
                name,
                settings.count(Setting.WRITER_THREADS),
                settings.gzip(),
                new ConnectionLimits(
                        settings.count(Setting.MAX_CONNECTIONS),
                        settings.count(Setting.MAX_CONNECTIONS_PER_ADDRESS),
                        settings.count(Setting.MAX_CONNECTIONS_PER_USER)),
                new ClientOptions(
                        settings.number(Setting.KEEP_ALIVE_MILLIS),
                        settings.number(Setting.RETRY_MILLIS),
                        settings.number(Setting.STALL_TIMEOUT_MILLIS),
                        settings.number(Setting.MAX_CONNECTION_MILLIS),
                        settings.positionEvent(),
                        settings.number(Setting.RECHECK_MILLIS),
                        settings.flag(Setting.END_WITH_SESSION)),
                requestRules(settings, defaultStart, reserved),
                new Cors(
                        settings.allowedOrigins()::allows,
                        settings.allowedOrigins().allowsAny(),
                        settings.flag(Setting.ALLOW_CREDENTIALS),
                        settings.allowedHeaders()));
    }

    private static RequestRules requestRules(Settings settings, Start defaultStart, ReservedNames reserved) {
        return new RequestRules(
                new TopicRules(
                        settings.topics(),
                        defaultStart,
                        settings.allowedTopics()::allows,
                        settings.count(Setting.MAX_TOPICS_PER_REQUEST)),
                new TopicRoles(settings.topicRoles()::rolesOf),
                settings.clientFilters(),
                reserved,
                InstantSource.system());
    }

    private static MapperChain mapperChain(Composition composition, ReservedNames reserved, MappingFailures failures) {
        Deserializer<?> ofKeys = composition.deserializers().ofKeys();
        try {
            return new MapperChain(
                    composition.mappers().defaultMapper(),
                    composition.mappers().mappers().stream()
                            .reduce(SseEventMapper::andThen)
                            .orElse(null),
                    ofKeys,
                    composition.deserializers().ofValues(),
                    reserved,
                    failures);
        } catch (Throwable e) {
            Utils.closeQuietly(ofKeys, "key deserializer");
            throw e;
        }
    }

    /** An engine from settings. The names of its threads and Kafka clients begin with its name. */
    static KafkaSse engine(Settings settings, Composition composition, String name) {
        LOG.info("Settings of {}:\n  {}", name, String.join("\n  ", settings.effective()));
        settings.warnings().forEach(LOG::warn);
        MappingFailures mappingFailures = new MappingFailures(System::nanoTime);
        Counters counters = new Counters();
        EngineThreads threads = EngineThreads.ofCaller();
        ReservedNames reserved = new ReservedNames(settings.positionEvent());
        KafkaCluster cluster = new KafkaCluster(
                settings.consumerProperties(),
                () -> mapperChain(composition, reserved, mappingFailures),
                threads,
                name + "-admin",
                System::nanoTime);
        ReplayPool replays = new ReplayPool(cluster, ofReplays(settings, name), counters, threads, System::nanoTime);
        OffsetLookups lookups = new OffsetLookups(cluster, System::nanoTime);
        ClientSources ofClients = new ClientSources(replays, lookups);
        Feeds feeds = new Feeds(
                new FeedSources(cluster, ofClients, name, counters, threads, System::nanoTime, InstantSource.system()),
                ofFeeds(settings, cluster.topicCheck()),
                settings.count(Setting.MAX_FEEDS));
        ServerOptions ofServer = serverOptions(settings, composition.defaultStart(), reserved, name);
        StreamServer server = new StreamServer(ofServer, feeds, counters, threads, System::nanoTime);
        KafkaSseMXBean metrics = new KafkaSseMetrics(counters, mappingFailures, server, feeds, replays);
        Runnable afterClose = () -> {
            cluster.close();
            composition.afterClose().run();
        };
        return new KafkaSse(name, server, replays, metrics, afterClose);
    }
}
