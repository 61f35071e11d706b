package com.opengrail.kafka.sse;

import com.opengrail.kafka.sse.internal.client.CallOptions;
import com.opengrail.kafka.sse.internal.client.ClientOptions;
import com.opengrail.kafka.sse.internal.client.ConnectionLimits;
import com.opengrail.kafka.sse.internal.client.Cors;
import com.opengrail.kafka.sse.internal.client.RequestRules;
import com.opengrail.kafka.sse.internal.client.ServerOptions;
import com.opengrail.kafka.sse.internal.client.StreamServer;
import com.opengrail.kafka.sse.internal.client.TopicRoles;
import com.opengrail.kafka.sse.internal.client.TopicRules;
import com.opengrail.kafka.sse.internal.cursor.ClientSources;
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
import com.opengrail.kafka.sse.internal.source.OffsetLookups;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine behind a servlet: follows topics with one consumer for all clients of the same topics, and streams them to
 * any number of clients with a few threads.
 *
 * <p>An application that composes its own makes it with {@link #builder()}, once, hands requests to
 * {@link #stream(HttpServletRequest, HttpServletResponse)} or to a {@link KafkaSseServlet} or {@link KafkaSseFilter} in
 * front of it, and closes it when it ends:
 *
 * <pre>{@code
 * KafkaSse engine = KafkaSse.builder()
 *         .topics("orders")
 *         .kafkaBrokerUrl("kafka-1:9092,kafka-2:9092")
 *         .valueDeserializer(KafkaAvroDeserializer.class)
 *         .kafkaOption("schema.registry.url", "http://registry:8081")
 *         .mapper((record, event, next) -> next.accept(event.withName("order")))
 *         .build();
 * ServletRegistration.Dynamic servlet = context.addServlet("orders", new KafkaSseServlet(engine));
 * servlet.setAsyncSupported(true);
 * servlet.addMapping("/orders");
 * }</pre>
 *
 * <p>Threads: safe, immutable to the outside. It starts daemon threads of its own, whose names begin with its name; none
 * of them per client. Several engines may be open at once.
 */
public final class KafkaSse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSse.class);

    /** What is left of a second after the streams and the feeds have been ended. */
    private static final long END_REPLAYS_MILLIS = 100;

    private static final CallOptions BY_REQUEST = CallOptions.ofPathOrParameter(null);

    private final StreamServer server;
    private final ReplayPool replays;
    private final Runnable afterClose;
    private final KafkaSseMXBean metrics;
    private final KafkaSseRegistration registration = new KafkaSseRegistration();
    private final AtomicBoolean closing = new AtomicBoolean();

    private KafkaSse(StreamServer server, ReplayPool replays, KafkaSseMXBean metrics, Runnable afterClose) {
        this.server = server;
        this.replays = replays;
        this.metrics = metrics;
        this.afterClose = afterClose;
    }

    /**
     * Composes an engine in code.
     *
     * @return a builder with the defaults of the settings; environment variables are not looked at
     */
    public static KafkaSseBuilder builder() {
        return new KafkaSseBuilder();
    }

    /**
     * An engine from settings.
     *
     * @param settings read and checked
     * @param name of the engine, with which the names of its threads and Kafka clients begin
     */
    static KafkaSse create(Settings settings, String name) {
        Deserializers deserializers = new Deserializers(settings.consumerProperties(), null, null);
        Composition composition = new Composition(
                settings.eventMappers().defaultMapper(),
                settings.eventMappers().mappers(),
                deserializers,
                new Start.Latest(),
                () -> {});
        return create(settings, composition, name);
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

    private static ReplayOptions ofReplays(Settings settings, String name) {
        return new ReplayOptions(
                settings.replayThreads(),
                settings.bufferSize(),
                settings.replayBytes(),
                Duration.ofMillis(settings.pollTimeoutMillis()),
                settings.eventFilter(),
                name);
    }

    private static ServerOptions serverOptions(
            Settings settings, Start defaultStart, ReservedNames reserved, String name) {
        return new ServerOptions(
                name,
                settings.writerThreads(),
                new ConnectionLimits(
                        settings.maxConnections(),
                        settings.maxConnectionsPerAddress(),
                        settings.maxConnectionsPerUser()),
                new ClientOptions(
                        settings.keepAliveMillis(),
                        settings.retryMillis(),
                        settings.stallTimeoutMillis(),
                        settings.maxConnectionMillis(),
                        settings.positionEvent()),
                requestRules(settings, defaultStart, reserved),
                new Cors(
                        settings.allowedOrigins()::allows,
                        settings.allowedOrigins().allowsAny(),
                        settings.allowedOrigins().isEmpty(),
                        settings.allowCredentials(),
                        settings.allowedHeaders()));
    }

    private static RequestRules requestRules(Settings settings, Start defaultStart, ReservedNames reserved) {
        return new RequestRules(
                new TopicRules(
                        settings.topics(),
                        defaultStart,
                        settings.allowedTopics()::allows,
                        settings.maxTopicsPerRequest()),
                new TopicRoles(settings.topicRoles()::rolesOf),
                settings.clientFilters(),
                reserved,
                InstantSource.system());
    }

    static KafkaSse create(Settings settings, Composition composition, String name) {
        LOG.info("Settings of {}:\n  {}", name, String.join("\n  ", settings.effective()));
        settings.warnings().forEach(LOG::warn);
        MappingFailures mappingFailures = new MappingFailures(System::nanoTime);
        Counters counters = new Counters();
        ReservedNames reserved = new ReservedNames(settings.positionEvent());
        KafkaCluster cluster = new KafkaCluster(
                settings.consumerProperties(),
                composition.defaultMapper(),
                composition.mappers(),
                composition.deserializers(),
                reserved,
                mappingFailures);
        Duration pollTimeout = Duration.ofMillis(settings.pollTimeoutMillis());
        FeedOptions ofFeeds =
                new FeedOptions(settings.windowBytes(), pollTimeout, settings.eventFilter(), cluster.topicCheck());
        ReplayPool replays = new ReplayPool(cluster, ofReplays(settings, name), counters);
        Feeds feeds = new Feeds(
                new FeedSources(cluster, new ClientSources(replays, new OffsetLookups(cluster)), name, counters),
                ofFeeds,
                settings.maxFeeds(),
                System::nanoTime);
        ServerOptions ofServer = serverOptions(settings, composition.defaultStart(), reserved, name);
        StreamServer server = new StreamServer(ofServer, feeds, counters, System::nanoTime);
        KafkaSseMXBean metrics = new KafkaSseMetrics(counters, mappingFailures, server, feeds, replays);
        Runnable afterClose = () -> {
            cluster.close();
            composition.afterClose().run();
        };
        return new KafkaSse(server, replays, metrics, afterClose);
    }

    /**
     * Answers a request: a {@code GET} with a stream of events, in the request's own time, since the request is made
     * asynchronous (Servlet 6.0, 2.3.3.3) and written to without blocking; any other method, and what cannot be streamed,
     * at once with a status. The calling thread waits for nothing.
     *
     * <p>The topics are those of the path after the servlet's mapping, else of the parameter {@code topic}, else those that
     * the engine streams by default. Where the servlet is mapped to more than its streams, as Spring's
     * {@code DispatcherServlet} may be, name them with
     * {@link #stream(HttpServletRequest, HttpServletResponse, String, Predicate)}.
     *
     * @param request names the topics, the filter and the position; all filters and the servlet on its way must support
     *     asynchronous processing
     * @param response not committed yet, and not to be touched afterwards by the caller
     * @throws IOException if an answer that is no stream could not be written
     */
    public void stream(HttpServletRequest request, HttpServletResponse response) throws IOException {
        server.serve(request, response, BY_REQUEST);
    }

    /**
     * Answers a request as {@link #stream(HttpServletRequest, HttpServletResponse)} does, with a stream of those events only
     * that a predicate wants: for what a client may see, which its filter in the address cannot say.
     *
     * <pre>{@code
     * String user = request.getUserPrincipal().getName();
     * engine.stream(request, response, event -> event.data().contains("\"owner\":\"" + user + "\""));
     * }</pre>
     *
     * <p>The predicate is asked of the events that {@code event-filter} and the request's own filter let through, as they
     * would be sent: the name is {@code null} where there is none, the data is never {@code null}. It is asked once per
     * event, by one thread at a time but by different ones, on a thread that serves other clients too: it must not block.
     * It is asked again of the same event when a client resumes, with the predicate of the new request. A gap is told
     * whatever it wants. Take what it needs from the request beforehand: the request may be over when it is asked.
     *
     * <p>If it throws, this client's stream ends with the position before that event, and a warning is logged, once a
     * minute at most; the client comes back by itself and meets the same event.
     *
     * @param request as above
     * @param response as above
     * @param wanted whether an event is for this client
     * @throws IOException if an answer that is no stream could not be written
     */
    public void stream(HttpServletRequest request, HttpServletResponse response, Predicate<? super SseEvent> wanted)
            throws IOException {
        Objects.requireNonNull(wanted, "wanted == null");
        server.serve(request, response, CallOptions.ofPathOrParameter(wanted));
    }

    /**
     * Answers a request as {@link #stream(HttpServletRequest, HttpServletResponse, Predicate)} does, with topics that the
     * application names: the request is not asked for them.
     *
     * @param request as above
     * @param response as above
     * @param topics comma separated, held against the allowed ones as those of a request are; {@code null}: those that the
     *     engine streams by default
     * @param wanted whether an event is for this client; {@code null}: all are
     * @throws IOException if an answer that is no stream could not be written
     */
    public void stream(
            HttpServletRequest request, HttpServletResponse response, String topics, Predicate<? super SseEvent> wanted)
            throws IOException {
        List<String> named = topics == null ? null : List.of(topics.split(",", -1));
        server.serve(request, response, CallOptions.ofTopics(named, wanted));
    }

    /** As {@link #stream(HttpServletRequest, HttpServletResponse)}; the path names no topics. */
    void streamOfParameter(HttpServletRequest request, HttpServletResponse response) throws IOException {
        server.serve(request, response, CallOptions.ofParameter(null));
    }

    /** Whether a request that may be for a page is for a stream. */
    boolean isForStream(HttpServletRequest request) {
        return server.isForStream(request);
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
     * {@link KafkaSseHealthServlet} find it. {@link KafkaSseServlet} and {@link KafkaSseFilter} do this themselves.
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
        return closing.get();
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
        if (closing.compareAndSet(false, true)) {
            replays.close();
            server.close();
            replays.awaitEnd(END_REPLAYS_MILLIS);
            registration.close();
            afterClose.run();
        }
    }
}
