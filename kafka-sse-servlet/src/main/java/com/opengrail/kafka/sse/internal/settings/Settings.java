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

    public EventFilter eventFilter() {
        return (EventFilter) values.get(Setting.EVENT_FILTER);
    }

    public MapperList eventMappers() {
        return (MapperList) values.get(Setting.EVENT_MAPPERS);
    }

    /** The event name of position blocks; empty if they consist of an id line alone. */
    public Optional<String> positionEvent() {
        String name = (String) values.get(Setting.POSITION_EVENT);
        return name.equals(Values.NO_POSITION_EVENT) ? Optional.empty() : Optional.of(name);
    }

    public AllowedOrigins allowedOrigins() {
        return (AllowedOrigins) values.get(Setting.ALLOWED_ORIGINS);
    }

    /** The request headers that a preflight allows besides those that streams need. */
    public List<String> allowedHeaders() {
        return strings(values.get(Setting.ALLOWED_HEADERS));
    }

    public ClientFilters clientFilters() {
        return (ClientFilters) values.get(Setting.CLIENT_FILTERS);
    }

    public TopicRoleList topicRoles() {
        return (TopicRoleList) values.get(Setting.TOPIC_ROLES);
    }

    /** True if clients that accept gzip get the stream compressed. */
    public boolean gzip() {
        return values.get(Setting.COMPRESSION) == Compression.GZIP;
    }

    /** The properties of every consumer, brokers included; with a {@code client.id} only if the operator set one. */
    public Map<String, Object> consumerProperties() {
        return consumerProperties;
    }

    public boolean flag(Setting setting) {
        return (Boolean) values.get(setting);
    }

    public long number(Setting setting) {
        return (Long) values.get(setting);
    }

    /** A setting that is a small number: how many there may be of something. */
    public int count(Setting setting) {
        return Math.toIntExact(number(setting));
    }

    static List<String> strings(Object value) {
        return ((List<?>) value).stream().map(String.class::cast).toList();
    }
}
