package com.opengrail.kafka.sse.internal.settings;

import com.opengrail.kafka.sse.ClientFilters;
import com.opengrail.kafka.sse.Compression;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.mapper.MapperList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All settings, typed and checked.
 *
 * <p>An init-param wins over an environment variable, which wins over the default. A blank value counts as not given,
 * except for {@code kafka.NAME}, where Kafka gives some empty values a meaning.
 *
 * <p>Threads: immutable.
 */
public final class Settings {

    private final Map<Setting, Object> values;
    private final AllowedTopics allowedTopics;
    private final Map<String, Object> consumerProperties;
    private final List<String> effective;
    private final List<String> warnings;

    Settings(
            Map<Setting, Object> values,
            Map<String, Object> consumerProperties,
            List<String> effective,
            List<String> warnings) {
        this.values = new EnumMap<>(values);
        this.consumerProperties = Map.copyOf(consumerProperties);
        this.effective = List.copyOf(effective);
        this.warnings = List.copyOf(warnings);
        // Default topics are always allowed: their event ids name them when a client resumes.
        this.allowedTopics = ((AllowedTopics) values.get(Setting.ALLOWED_TOPICS)).with(topics());
    }

    /**
     * Reads the settings of these init-params and this environment.
     *
     * @throws SettingsException with a line for each fault
     */
    public static Settings read(Map<String, String> initParams, Map<String, String> environment) {
        return new SettingsReader(Sources.of(initParams, environment), List.of()).read();
    }

    /**
     * Reads the settings of a builder, without an environment.
     *
     * @param named values by init-param, {@code kafka.NAME} among them
     * @param kafkaOptions the consumer properties with the types that were given, by Kafka's names
     * @param faults the faults that the builder has found, each a line of the message
     * @throws SettingsException with a line for each fault
     */
    public static Settings built(Map<String, String> named, Map<String, Object> kafkaOptions, List<String> faults) {
        return new SettingsReader(Sources.ofBuilder(named, kafkaOptions), faults).read();
    }

    /** Warnings to be logged once: of settings without effect and of names that were probably misspelt. */
    public List<String> warnings() {
        return warnings;
    }

    /**
     * For the log at the start: a line for every setting and consumer property, with its source and without secrets.
     */
    public List<String> effective() {
        return effective;
    }

    /** The topics that are streamed when a request names none; may be empty. */
    public List<String> topics() {
        return strings(values.get(Setting.TOPIC));
    }

    /** The topics that a request may name: those of {@link #topics()} and the allowed ones. */
    public AllowedTopics allowedTopics() {
        return allowedTopics;
    }

    public long pollTimeoutMillis() {
        return number(Setting.POLL_TIMEOUT_MILLIS);
    }

    /** In events. */
    public int bufferSize() {
        return Math.toIntExact(number(Setting.BUFFER_SIZE));
    }

    /** 0: none. */
    public long keepAliveMillis() {
        return number(Setting.KEEP_ALIVE_MILLIS);
    }

    public EventFilter eventFilter() {
        return (EventFilter) values.get(Setting.EVENT_FILTER);
    }

    public MapperList eventMappers() {
        return (MapperList) values.get(Setting.EVENT_MAPPERS);
    }

    /** 0: clients are given none. */
    public long retryMillis() {
        return number(Setting.RETRY_MILLIS);
    }

    /** Per feed. */
    public long windowBytes() {
        return number(Setting.WINDOW_BYTES);
    }

    public int writerThreads() {
        return Math.toIntExact(number(Setting.WRITER_THREADS));
    }

    public int replayThreads() {
        return Math.toIntExact(number(Setting.REPLAY_THREADS));
    }

    /** 0: no limit. */
    public int maxConnections() {
        return Math.toIntExact(number(Setting.MAX_CONNECTIONS));
    }

    public int maxFeeds() {
        return Math.toIntExact(number(Setting.MAX_FEEDS));
    }

    /** 0: no limit. */
    public int maxConnectionsPerAddress() {
        return Math.toIntExact(number(Setting.MAX_CONNECTIONS_PER_ADDRESS));
    }

    /** 0: never ended. */
    public long maxConnectionMillis() {
        return number(Setting.MAX_CONNECTION_MILLIS);
    }

    /** 0: never dropped. */
    public long stallTimeoutMillis() {
        return number(Setting.STALL_TIMEOUT_MILLIS);
    }

    /** The event name of position blocks; empty if they consist of an id line alone. */
    public Optional<String> positionEvent() {
        String name = (String) values.get(Setting.POSITION_EVENT);
        return name.equals(Values.NO_POSITION_EVENT) ? Optional.empty() : Optional.of(name);
    }

    public AllowedOrigins allowedOrigins() {
        return (AllowedOrigins) values.get(Setting.ALLOWED_ORIGINS);
    }

    /** True if pages of allowed origins may send cookies. */
    public boolean allowCredentials() {
        return flag(Setting.ALLOW_CREDENTIALS);
    }

    /** The request headers that a preflight allows besides those that streams need. */
    public List<String> allowedHeaders() {
        return strings(values.get(Setting.ALLOWED_HEADERS));
    }

    public ClientFilters clientFilters() {
        return (ClientFilters) values.get(Setting.CLIENT_FILTERS);
    }

    public int maxTopicsPerRequest() {
        return Math.toIntExact(number(Setting.MAX_TOPICS_PER_REQUEST));
    }

    /** 0: no limit. */
    public int maxConnectionsPerUser() {
        return Math.toIntExact(number(Setting.MAX_CONNECTIONS_PER_USER));
    }

    /** For all clients together that are fed from Kafka. */
    public long replayBytes() {
        return number(Setting.REPLAY_BYTES);
    }

    public TopicRoleList topicRoles() {
        return (TopicRoleList) values.get(Setting.TOPIC_ROLES);
    }

    /** True if a stream ends with the session in which it was opened. */
    public boolean endWithSession() {
        return flag(Setting.END_WITH_SESSION);
    }

    /** A stream whose access has been withdrawn ends within this time. */
    public long recheckMillis() {
        return number(Setting.RECHECK_MILLIS);
    }

    /** True if clients that accept gzip get the stream compressed. */
    public boolean gzip() {
        return values.get(Setting.COMPRESSION) == Compression.GZIP;
    }

    /** The properties of every consumer, brokers included; with a {@code client.id} only if the operator set one. */
    public Map<String, Object> consumerProperties() {
        return consumerProperties;
    }

    private boolean flag(Setting setting) {
        return (Boolean) values.get(setting);
    }

    private long number(Setting setting) {
        return (Long) values.get(setting);
    }

    static List<String> strings(Object value) {
        return ((List<?>) value).stream().map(String.class::cast).toList();
    }
}
