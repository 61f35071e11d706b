package com.opengrail.kafka.sse;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The part of {@link KafkaSse.Builder} that has one method for each setting. A setter only stores text, or a fault. The
 * values are checked together, by {@code build()}.
 *
 * @param <B> the builder that each method returns
 */
abstract class KafkaSseSettingsBuilder<B> {
    final KafkaSseGivenSettings given = new KafkaSseGivenSettings();
    final Map<String, Object> consumerProperties = new HashMap<>();

    KafkaSseSettingsBuilder() {}

    abstract B self();

    /**
     * The topics that are streamed when a request names none. Several are merged into one stream. Setting
     * {@code topic}.
     *
     * @param names at least one
     * @return this builder
     */
    public B topics(String... names) {
        return names("topic", "topics", names);
    }

    /**
     * The topics that a request may name, besides the default ones. Setting {@code allowed-topics}.
     *
     * @param namesOrExpressions names, or RE2 expressions that match a whole name; at least one
     * @return this builder
     */
    public B allowedTopics(String... namesOrExpressions) {
        return expressions("allowed-topics", "allowedTopics", namesOrExpressions);
    }

    /**
     * The brokers to connect to first. Setting {@code kafka-broker-url}.
     *
     * @param hostsAndPorts host:port, comma separated
     * @return this builder
     */
    public B bootstrapServers(String hostsAndPorts) {
        return text("kafka-broker-url", hostsAndPorts);
    }

    /**
     * A property of the Kafka consumer. Setting {@code kafka.NAME}; what is refused there is refused here.
     *
     * @param property Kafka's name, for example {@code security.protocol}
     * @param value text, or another type that Kafka takes for this property: a number, a class, a list
     * @return this builder
     */
    public B consumerProperty(String property, Object value) {
        Objects.requireNonNull(property, "property == null");
        consumerProperties.put(property, Objects.requireNonNull(value, () -> property + " == null"));
        return self();
    }

    /**
     * The longest wait of one poll on Kafka. Setting {@code poll-timeout-millis}. More than 100 milliseconds change
     * nothing: between two polls a thread does all else that it does for clients.
     *
     * @param timeout at least a millisecond
     * @return this builder
     */
    public B pollTimeout(Duration timeout) {
        return millis("poll-timeout-millis", "pollTimeout", timeout);
    }

    /**
     * The most events that wait for one client that is fed from Kafka, and not from the window. Setting
     * {@code buffer-size}.
     *
     * @param events at least 1
     * @return this builder
     */
    public B bufferSize(int events) {
        return text("buffer-size", Integer.toString(events));
    }

    /**
     * How long a connection is silent before it gets a keep-alive. Setting {@code keep-alive-millis}.
     *
     * @param silence {@link Duration#ZERO}: no keep-alives
     * @return this builder
     */
    public B keepAlive(Duration silence) {
        return millis("keep-alive-millis", "keepAlive", silence);
    }

    /**
     * The events that are streamed at all. Setting {@code event-filter}.
     *
     * @param expressions RE2 expressions; one has to match the whole event name
     * @return this builder
     */
    public B eventFilter(String... expressions) {
        return expressions("event-filter", "eventFilter", expressions);
    }

    /**
     * The reconnection time that clients are given, before it is spread. Setting {@code retry-millis}.
     *
     * @param time {@link Duration#ZERO}: none is given
     * @return this builder
     */
    public B retry(Duration time) {
        return millis("retry-millis", "retry", time);
    }

    /**
     * The most memory for recent events, per combination of topics. Setting {@code window-bytes}.
     *
     * @param bytes at least 65536
     * @return this builder
     */
    public B windowBytes(long bytes) {
        return text("window-bytes", Long.toString(bytes));
    }

    /**
     * The most memory for all clients that are fed from Kafka together. Setting {@code replay-bytes}.
     *
     * @param bytes at least 65536
     * @return this builder
     */
    public B replayBytes(long bytes) {
        return text("replay-bytes", Long.toString(bytes));
    }

    /**
     * The threads that write to clients. Setting {@code writer-threads}.
     *
     * @param threads at least 1
     * @return this builder
     */
    public B writerThreads(int threads) {
        return text("writer-threads", Integer.toString(threads));
    }

    /**
     * The threads, each with one consumer, that feed clients from Kafka. Setting {@code replay-threads}.
     *
     * @param threads at least 1
     * @return this builder
     */
    public B replayThreads(int threads) {
        return text("replay-threads", Integer.toString(threads));
    }

    /**
     * The most concurrent streams. Setting {@code max-connections}.
     *
     * @param connections 0: no limit
     * @return this builder
     */
    public B maxConnections(int connections) {
        return text("max-connections", Integer.toString(connections));
    }

    /**
     * The most concurrent streams of one remote address. Setting {@code max-connections-per-address}.
     *
     * @param connections 0: no limit
     * @return this builder
     */
    public B maxConnectionsPerAddress(int connections) {
        return text("max-connections-per-address", Integer.toString(connections));
    }

    /**
     * The most concurrent streams of one user. Setting {@code max-connections-per-user}.
     *
     * @param connections 0: no limit
     * @return this builder
     */
    public B maxConnectionsPerUser(int connections) {
        return text("max-connections-per-user", Integer.toString(connections));
    }

    /**
     * How long a stream lasts at most, before it is spread; the client reconnects. Setting
     * {@code max-connection-millis}.
     *
     * @param age {@link Duration#ZERO}: no limit
     * @return this builder
     */
    public B maxConnectionAge(Duration age) {
        return millis("max-connection-millis", "maxConnectionAge", age);
    }

    /**
     * The most combinations of topics that are followed at once. Setting {@code max-feeds}.
     *
     * @param feeds at least 1
     * @return this builder
     */
    public B maxFeeds(int feeds) {
        return text("max-feeds", Integer.toString(feeds));
    }

    /**
     * The most topics that one request may combine. Setting {@code max-topics-per-request}.
     *
     * @param topics at least 1
     * @return this builder
     */
    public B maxTopicsPerRequest(int topics) {
        return text("max-topics-per-request", Integer.toString(topics));
    }

    /**
     * How long a client may take no byte before it is dropped. Setting {@code stall-timeout-millis}.
     *
     * @param timeout {@link Duration#ZERO}: it is never dropped
     * @return this builder
     */
    public B stallTimeout(Duration timeout) {
        return millis("stall-timeout-millis", "stallTimeout", timeout);
    }

    /**
     * The name of the event that carries a position alone. Setting {@code position-event}.
     *
     * @param name an event name, or {@code none} for a block with an id line alone
     * @return this builder
     */
    public B positionEvent(String name) {
        return text("position-event", name);
    }

    /**
     * What the filter of a request may contain. Setting {@code client-filters}.
     *
     * @param filters the kind of filter
     * @return this builder
     */
    public B clientFilters(ClientFilters filters) {
        return text("client-filters", KafkaSseHealthReport.lower(Objects.requireNonNull(filters, "filters == null")));
    }

    /**
     * How streams are compressed for clients that accept it. Setting {@code compression}.
     *
     * @param compression the method
     * @return this builder
     */
    public B compression(Compression compression) {
        return text(
                "compression", KafkaSseHealthReport.lower(Objects.requireNonNull(compression, "compression == null")));
    }

    /**
     * The origins whose pages may read the streams. Setting {@code allowed-origins}.
     *
     * @param origins scheme://host or scheme://host:port each, or {@code *} alone
     * @return this builder
     */
    public B allowedOrigins(String... origins) {
        return names("allowed-origins", "allowedOrigins", origins);
    }

    /**
     * Whether pages of allowed origins may send cookies. Setting {@code allow-credentials}.
     *
     * @param allow true if they may
     * @return this builder
     */
    public B allowCredentials(boolean allow) {
        return text("allow-credentials", Boolean.toString(allow));
    }

    /**
     * The request headers that pages of allowed origins may send. Setting {@code allowed-headers}.
     *
     * @param headers their names
     * @return this builder
     */
    public B allowedHeaders(String... headers) {
        return names("allowed-headers", "allowedHeaders", headers);
    }

    /**
     * The roles that a user needs for some topics. Setting {@code topic-roles}.
     *
     * @param topicsWithRole {@code TOPIC=ROLE} each; a role {@code **} stands for any authenticated user
     * @return this builder
     */
    public B topicRoles(String... topicsWithRole) {
        return expressions("topic-roles", "topicRoles", topicsWithRole);
    }

    /**
     * Whether a stream ends with the session in which it was opened. Setting {@code end-with-session}.
     *
     * @param end true if it does
     * @return this builder
     */
    public B endWithSession(boolean end) {
        return text("end-with-session", Boolean.toString(end));
    }

    /**
     * How soon a stream ends after its roles, its session or the check of {@link StreamOptions} no longer allow it. Setting
     * {@code recheck-millis}.
     *
     * @param interval the longest time until then
     * @return this builder
     */
    public B recheck(Duration interval) {
        return millis("recheck-millis", "recheck", interval);
    }

    private B text(String setting, String value) {
        given.text(setting, value);
        return self();
    }

    private B millis(String setting, String method, Duration duration) {
        given.millis(setting, method, duration);
        return self();
    }

    private B names(String setting, String method, String... names) {
        given.names(setting, method, names);
        return self();
    }

    private B expressions(String setting, String method, String... expressions) {
        given.expressions(setting, method, expressions);
        return self();
    }
}
