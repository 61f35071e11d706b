package com.opengrail.kafka.sse;

import com.opengrail.kafka.sse.internal.client.StreamServer;
import com.opengrail.kafka.sse.internal.replay.ReplayPool;
import com.opengrail.kafka.sse.internal.request.CallOptions;
import com.opengrail.kafka.sse.internal.threads.LinkedRecords;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The engine behind a servlet. It follows topics with one consumer for all clients of the same topics, and streams them
 * to any number of clients with a few threads.
 *
 * <p>An application builds one with {@link #builder()}. It hands requests to
 * {@link #stream(HttpServletRequest, HttpServletResponse)}, or puts a {@link KafkaSseServlet} or {@link KafkaSseFilter}
 * in front. It closes the engine when it ends; servlet and filter do not close an engine that they were given.
 *
 * <pre>{@code
 * KafkaSse engine = KafkaSse.builder()
 *         .topics("orders")
 *         .bootstrapServers("kafka-1:9092,kafka-2:9092")
 *         .valueDeserializer(KafkaAvroDeserializer.class)
 *         .consumerProperty("schema.registry.url", "http://registry:8081")
 *         .mapper((record, event, next) -> next.accept(event.withName("order")))
 *         .build();
 * ServletRegistration.Dynamic servlet = context.addServlet("orders", new KafkaSseServlet(engine));
 * servlet.setAsyncSupported(true);
 * servlet.addMapping("/orders");
 * }</pre>
 *
 * <p>Threads: safe. It starts daemon threads whose names begin with the engine's name, none of them per client. Several
 * engines may be open at once.
 */
public final class KafkaSse implements AutoCloseable {
    /** The time that is left of a second after streams and feeds have ended. */
    private static final long END_REPLAYS_MILLIS = 100;

    private static final CallOptions BY_REQUEST = new CallOptions(StreamOptions.defaults(), true);
    private static final CallOptions BY_PARAMETER = new CallOptions(StreamOptions.defaults(), false);

    private final String name;
    private final StreamServer server;
    private final ReplayPool replays;
    private final Runnable afterClose;
    private final KafkaSseMXBean metrics;
    private final KafkaSseRegistration registration = new KafkaSseRegistration();
    private final AtomicBoolean closing = new AtomicBoolean();

    KafkaSse(String name, StreamServer server, ReplayPool replays, KafkaSseMXBean metrics, Runnable afterClose) {
        this.name = name;
        this.server = server;
        this.replays = replays;
        this.metrics = metrics;
        this.afterClose = afterClose;
    }

    /**
     * Builds a {@link KafkaSse}. Everything is optional: the defaults are those of the settings. Environment variables
     * are not read. A second call of a method replaces the first; mappers add up.
     *
     * <pre>{@code
     * KafkaSse engine = KafkaSse.builder()
     *         .topics("orders")
     *         .bootstrapServers("localhost:9092")
     *         .keepAlive(Duration.ofSeconds(15))
     *         .build();
     * }</pre>
     *
     * <p>{@link #build()} checks the values and reports all faults in one message. Only {@code null} is refused at
     * once, with a {@link NullPointerException}. A builder may be used again for another engine.
     *
     * <p>Threads: not safe.
     */
    public static final class Builder extends KafkaSseEngineBuilder<Builder> {
        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * {@return a new engine that follows nothing before its first client} The caller closes it.
         *
         * @throws IllegalArgumentException if something is wrong: one message with a line for each fault
         */
        public KafkaSse build() {
            return makeEngine();
        }
    }

    /** {@return a builder, with the defaults of the settings, that composes an engine in code} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Answers a request. A {@code GET} gets a stream of events: the request becomes asynchronous (Servlet 6.0,
     * 2.3.3.3), and its response is written without blocking. A request that cannot get a stream is answered with a
     * status. The calling thread never waits.
     *
     * <p>The path after the servlet's mapping names the topics, or else the parameter {@code topic}. Without either,
     * the engine streams its default topics. A controller whose path means something else names the topics with
     * {@link StreamOptions}.
     *
     * @param request the request; each filter and servlet on its way must support asynchronous processing
     * @param response not committed yet; the caller must not use it afterwards
     * @throws IOException if an answer without a stream could not be written
     * @throws IllegalStateException if the response is committed, or its writer is in use; nothing has been started
     *     then
     */
    public void stream(HttpServletRequest request, HttpServletResponse response) throws IOException {
        server.serve(request, response, BY_REQUEST);
    }

    /**
     * Answers a request like {@link #stream(HttpServletRequest, HttpServletResponse)}, with decisions of the
     * application.
     *
     * <pre>{@code
     * String user = request.getUserPrincipal().getName();
     * engine.stream(request, response, StreamOptions.defaults()
     *         .withTopics(List.of("orders"))
     *         .withEvents(event -> user.equals(event.name())));
     * }</pre>
     *
     * @param request as above
     * @param response as above
     * @param options topics, events, end and check of this stream
     * @throws IOException if an answer without a stream could not be written
     * @throws IllegalStateException if the response is committed, or its writer is in use; nothing has been started
     *     then
     */
    public void stream(HttpServletRequest request, HttpServletResponse response, StreamOptions options)
            throws IOException {
        Objects.requireNonNull(options, "options == null");
        server.serve(request, response, new CallOptions(options, true));
    }

    /** As {@link #stream(HttpServletRequest, HttpServletResponse)}; the path names no topics. */
    void streamOfParameter(HttpServletRequest request, HttpServletResponse response) throws IOException {
        server.serve(request, response, BY_PARAMETER);
    }

    /** True if a request is for a stream and not for a page at the same URL. */
    boolean isForStream(HttpServletRequest request, HttpServletResponse response) {
        return server.isForStream(request, response);
    }

    /**
     * {@return the metrics of the engine, always the same view} Each reading gives the current values, also after
     * {@link #close()}.
     */
    public KafkaSseMXBean metrics() {
        return metrics;
    }

    /** {@return a snapshot of the open streams: who reads what, from where, since when} It examines every stream. */
    public List<StreamInfo> streams() {
        return server.streams();
    }

    /**
     * Ends the open streams of a user, each with its position. The engine sends them no event from then on. Their
     * clients reconnect, so take the log-in away first.
     *
     * @param user the name of the user, as {@code getUserPrincipal().getName()} gives it
     * @return how many streams were told to end
     */
    public int endStreamsOfUser(String user) {
        return server.endStreamsOfUser(Objects.requireNonNull(user, "user == null"));
    }

    /** {@return a snapshot of the state of the engine and of its feeds} It never asks the brokers and never waits. */
    public EngineHealth health() {
        String shown = registration.name().isEmpty() ? name : registration.name();
        return new EngineHealth(
                shown,
                state(),
                metrics.getConnections(),
                metrics.getFeeds().entrySet().stream()
                        .map(feed -> FeedHealth.of(feed.getKey(), feed.getValue()))
                        .toList());
    }

    private EngineHealth.State state() {
        if (closing.get()) {
            return EngineHealth.State.CLOSING;
        }
        return server.isAlive() && replays.isAlive() ? EngineHealth.State.OPEN : EngineHealth.State.BROKEN;
    }

    /**
     * Shows the engine to operators until it is closed. {@link KafkaSseServlet} and {@link KafkaSseFilter} do this
     * themselves.
     *
     * <p>{@link #metrics()} is registered with the platform's MBean server as
     * {@code com.opengrail.kafka.sse:type=KafkaSse,context=CONTEXT,name=NAME}. The root's empty context path is shown
     * as {@code /}. Where the name is taken, {@code instance=2} or the next free number is added. The engine also
     * becomes an attribute of the application, {@code com.opengrail.kafka.sse.engine.NAME}: {@link #enginesOf} and
     * {@link KafkaSseHealthServlet} find it there.
     *
     * <p>An engine may serve several applications, or one that is deployed again: register it with each. It keeps the
     * MBean and the name of the first call. Later calls for the same application do nothing. The engine does not keep an
     * application that is undeployed. A failure to register the MBean is logged and stops nothing.
     *
     * @param application the web application that the engine serves
     * @param name of the servlet or of the engine, unique in the application
     * @throws NullPointerException if one of the two is {@code null}
     */
    public void register(ServletContext application, String name) {
        registration.register(this, application, name);
    }

    /**
     * Registers the engine for a servlet or filter.
     *
     * @return to be run when that is destroyed
     */
    Runnable registerUntil(ServletContext application, String name) {
        return registration.add(this, application, name);
    }

    /**
     * {@return a snapshot of the engines that are registered with a web application and not closed yet, sorted by their
     * names} Bind each to a meter registry, for example.
     *
     * @param application the web application
     * @throws NullPointerException if it is {@code null}
     */
    public static List<KafkaSse> enginesOf(ServletContext application) {
        // A closed engine stays an attribute where a listener failed, or where the context it was registered with is
        // gone.
        return KafkaSseRegistration.enginesOf(application).stream()
                .filter(engine -> !engine.registration.isClosed())
                .toList();
    }

    private void unregister() {
        try {
            registration.close();
        } finally {
            // A listener of the application is told when the engine is no attribute any more, and may fail.
            afterClose.run();
            LinkedRecords.forget();
        }
    }

    /**
     * Ends all streams, each with its position, and closes the connections to Kafka. This takes at most a second.
     * Clients that come later are told when to reconnect, and their response ends. Closing again does nothing.
     */
    @Override
    public void close() {
        if (closing.compareAndSet(false, true)) {
            try {
                replays.close();
                server.close();
                replays.awaitEnd(END_REPLAYS_MILLIS);
            } finally {
                unregister();
            }
        }
    }
}
