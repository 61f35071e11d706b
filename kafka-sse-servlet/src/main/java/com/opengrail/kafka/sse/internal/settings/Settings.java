package com.opengrail.kafka.sse.internal.settings;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.mapper.MapperList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * All that an operator has set, typed and checked. Immutable, so any thread may ask.
 *
 * <p>An init-param wins over an environment variable, which wins over the default. A blank value counts as not given,
 * except for {@code kafka.NAME}, where Kafka gives some empty values a meaning.
 */
public final class Settings {

    private final Map<Setting, Object> values;
    private final AllowedTopics allowedTopics;
    private final Map<String, Object> consumerProperties;
    private final List<String> warnings;

    Settings(Map<Setting, Object> values, Map<String, Object> consumerProperties, List<String> warnings) {
        this.values = new EnumMap<>(values);
        this.consumerProperties = Map.copyOf(consumerProperties);
        this.warnings = List.copyOf(warnings);
        // What is streamed without being named may be named too, or a client could not resume it by its id.
        this.allowedTopics = ((AllowedTopics) values.get(Setting.ALLOWED_TOPICS)).with(topics());
    }

    /**
     * The settings of these init-params and this environment.
     *
     * @throws SettingsException with a line for each fault
     */
    public static Settings read(Map<String, String> initParams, Map<String, String> environment) {
        return SettingsReader.read(Sources.of(initParams, environment));
    }

    /**
     * The settings of these init-params alone, whatever the environment.
     *
     * @throws SettingsException with a line for each fault
     */
    public static Settings of(Map<String, String> initParams) {
        return read(initParams, Map.of());
    }

    /**
     * The settings that a builder was told, whatever the environment.
     *
     * @param named values by init-param, {@code kafka.NAME} among them
     * @param kafkaOptions the values of the consumer properties as they were given, by Kafka's names
     * @param faults what is wrong besides, each a line of the message
     * @throws SettingsException with a line for each fault
     */
    public static Settings built(Map<String, String> named, Map<String, Object> kafkaOptions, List<String> faults) {
        return SettingsReader.read(Sources.ofBuilder(named, kafkaOptions), faults);
    }

    /** What should be logged once, because it was set without effect or was probably misspelt. */
    public List<String> warnings() {
        return warnings;
    }

    /** Topics of a request that names none; may be empty. */
    public List<String> topics() {
        return strings(values.get(Setting.TOPIC));
    }

    /** Topics that a request may name: always those of {@link #topics()}, and the allowed ones. */
    public AllowedTopics allowedTopics() {
        return allowedTopics;
    }

    public List<String> brokers() {
        return strings(values.get(Setting.KAFKA_BROKER_URL));
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

    /** 0: none is told to clients. */
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

    /** Event name of position blocks; empty where they are an id line alone. */
    public Optional<String> positionEvent() {
        String name = (String) values.get(Setting.POSITION_EVENT);
        return name.equals(Values.NO_POSITION_EVENT) ? Optional.empty() : Optional.of(name);
    }

    public AllowedOrigins allowedOrigins() {
        return (AllowedOrigins) values.get(Setting.ALLOWED_ORIGINS);
    }

    /** Properties of every consumer, brokers included; a {@code client.id} only where the operator gave one. */
    public Map<String, Object> consumerProperties() {
        return consumerProperties;
    }

    /** For the log at the start: every setting and consumer property, secrets hidden. */
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ", "Settings{", "}");
        values.forEach((setting, value) -> text.add(setting.initParam() + "=" + value));
        new TreeMap<>(consumerProperties)
                .forEach((name, value) -> text.add(
                        KafkaProperties.INIT_PARAM_PREFIX + name + "=" + (Given.isSecret(name) ? "(hidden)" : value)));
        return text.toString();
    }

    private long number(Setting setting) {
        return (Long) values.get(setting);
    }

    static List<String> strings(Object value) {
        return ((List<?>) value).stream().map(String.class::cast).toList();
    }
}
