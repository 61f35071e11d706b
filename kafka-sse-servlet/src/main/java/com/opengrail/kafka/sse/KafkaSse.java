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
import com.opengrail.kafka.sse.internal.replay.ReplayOptions;
import com.opengrail.kafka.sse.internal.replay.ReplayPool;
import com.opengrail.kafka.sse.internal.settings.Settings;
import com.opengrail.kafka.sse.internal.source.KafkaCluster;
import com.opengrail.kafka.sse.internal.source.MappingFailures;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine behind a servlet: follows topics with one consumer for all clients of the same topics, and streams them to
 * any number of clients with a few threads.
 *
 * <p>Threads: safe. It starts daemon threads of its own, named after the servlet; none of them per client.
 */
public final class KafkaSse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSse.class);

    /** What is left of a second after the streams and the feeds have been ended. */
    private static final long END_REPLAYS_MILLIS = 100;

    private final StreamServer server;
    private final ReplayPool replays;
    private final KafkaSseMXBean metrics;
    private final KafkaSseRegistration registration = new KafkaSseRegistration();
    private volatile boolean closing;

    private KafkaSse(StreamServer server, ReplayPool replays, KafkaSseMXBean metrics) {
        this.server = server;
        this.replays = replays;
        this.metrics = metrics;
    }

    /**
     * An engine from settings.
     *
     * @param settings read and checked
     * @param name of the engine, with which the names of its threads and Kafka clients begin
     * @throws IllegalArgumentException if a mapper cannot be made
     */
    static KafkaSse create(Settings settings, String name) {
        settings.warnings().forEach(LOG::warn);
        MappingFailures mappingFailures = new MappingFailures(System::nanoTime);
        Counters counters = new Counters();
        KafkaCluster cluster = new KafkaCluster(
                settings.consumerProperties(),
                !settings.withoutDefaultMapper(),
                mappers(settings.eventMappers()),
                mappingFailures);
        FeedOptions ofFeeds = new FeedOptions(
                settings.windowBytes(), Duration.ofMillis(settings.pollTimeoutMillis()), settings.eventFilter());
        Duration pollTimeout = Duration.ofMillis(settings.pollTimeoutMillis());
        ReplayPool replays = new ReplayPool(
                cluster,
                new ReplayOptions(settings.replayThreads(), settings.bufferSize(), pollTimeout, name),
                counters);
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
                new TopicRules(settings.topics(), settings.allowedTopics()::allows),
                new Cors(
                        settings.allowedOrigins()::allows,
                        settings.allowedOrigins().allowsAny(),
                        settings.allowedOrigins().isEmpty()));
        StreamServer server = new StreamServer(ofServer, feeds, counters, System::nanoTime);
        return new KafkaSse(server, replays, new KafkaSseMetrics(counters, mappingFailures, server, feeds, replays));
    }

    private static List<SseEventMapper> mappers(List<String> classNames) {
        List<SseEventMapper> mappers = new ArrayList<>();
        for (String className : classNames) {
            mappers.add(mapper(className));
        }
        return mappers;
    }

    private static SseEventMapper mapper(String className) {
        ClassLoader ofApplication = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = ofApplication != null ? ofApplication : KafkaSse.class.getClassLoader();
        try {
            return Class.forName(className, true, loader)
                    .asSubclass(SseEventMapper.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            throw new IllegalArgumentException(
                    "event-mappers: " + className
                            + " is no SseEventMapper with a public constructor without parameters: " + e,
                    e);
        }
    }

    /**
     * Answers a request: a {@code GET} with a stream of events, in the request's own time, since the request is made
     * asynchronous (Servlet 6.0, 2.3.3.3) and written to without blocking; any other method, and what cannot be streamed,
     * at once with a status. The calling thread waits for nothing.
     *
     * @param request names the topics, the filter and the position; all filters and the servlet on its way must support
     *     asynchronous processing
     * @param response not committed yet, and not to be touched afterwards by the caller
     * @throws IOException if an answer that is no stream could not be written
     */
    public void stream(HttpServletRequest request, HttpServletResponse response) throws IOException {
        server.serve(request, response);
    }

    /**
     * What operators see of the engine: the present numbers at each reading, also after {@link #close()}.
     *
     * @return a view, the same at each call
     */
    public KafkaSseMXBean metrics() {
        return metrics;
    }

    /**
     * Shows the engine to operators until it is closed. It registers {@link #metrics()} with the platform's MBean server as
     * {@code com.opengrail.kafka.sse:type=KafkaSse,context=CONTEXT,name=NAME}, where {@code /} stands for the empty context
     * path of the root; where that name is taken, {@code instance=2} or the next free number is added to it. And it makes
     * the engine an attribute of the application, {@code com.opengrail.kafka.sse.engine.NAME}, so that {@link #enginesOf} and
     * {@link KafkaSseHealthServlet} find it. {@link KafkaSseServlet} does this itself.
     *
     * <p>An engine has one name: later calls do nothing. A failure to register the MBean is logged and stops nothing.
     *
     * @param application the web application that the engine serves
     * @param name of the servlet or of the engine, unique in the application
     * @throws NullPointerException if one of the two is {@code null}
     */
    public void register(ServletContext application, String name) {
        registration.register(this, application, name);
    }

    /**
     * The engines of a web application that are registered and not closed yet, for instance to bind each to a meter registry.
     *
     * @param application the web application
     * @return the engines, sorted by their names; a snapshot
     * @throws NullPointerException if it is {@code null}
     */
    public static List<KafkaSse> enginesOf(ServletContext application) {
        return List.copyOf(KafkaSseRegistration.enginesOf(application));
    }

    /** The name under which it is registered, or an empty string. */
    String registeredName() {
        return registration.name();
    }

    /** Whether {@link #close()} has begun. */
    boolean isClosing() {
        return closing;
    }

    /** Whether all threads that it needs run. */
    boolean isAlive() {
        return server.isAlive() && replays.isAlive();
    }

    /**
     * Ends all streams, each with its position, and lets go of Kafka; takes a second at most. Clients that come later are
     * told to come back. Closing again does nothing.
     */
    @Override
    public void close() {
        closing = true;
        replays.close();
        server.close();
        replays.awaitEnd(END_REPLAYS_MILLIS);
        registration.close();
    }
}
