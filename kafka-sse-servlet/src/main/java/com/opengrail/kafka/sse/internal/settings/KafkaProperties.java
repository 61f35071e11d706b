package com.opengrail.kafka.sse.internal.settings;

import com.opengrail.kafka.sse.internal.log.Secrets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The consumer properties that an operator sets as {@code kafka.NAME}, checked against Kafka's definitions. */
final class KafkaProperties {

    private static final String PROVIDERS = "config.providers";
    private static final String NO_GROUP = "the servlet joins no consumer group";

    private static final Map<String, String> REFUSED = Map.of(
            ConsumerConfig.GROUP_ID_CONFIG, NO_GROUP,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "the servlet commits no offsets",
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "the brokers are set by \"kafka-broker-url\"");

    private static final Map<String, String> WITHOUT_EFFECT = Map.ofEntries(
            Map.entry(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "each request says where its stream starts"),
            Map.entry(ConsumerConfig.AUTO_COMMIT_INTERVAL_MS_CONFIG, "the servlet commits no offsets"),
            Map.entry(ConsumerConfig.EXCLUDE_INTERNAL_TOPICS_CONFIG, "the servlet subscribes to no pattern"),
            Map.entry(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, NO_GROUP),
            Map.entry(ConsumerConfig.GROUP_PROTOCOL_CONFIG, NO_GROUP),
            Map.entry(ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG, NO_GROUP),
            Map.entry(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, NO_GROUP),
            Map.entry(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, NO_GROUP),
            Map.entry(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, NO_GROUP),
            Map.entry(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, NO_GROUP),
            // Older versions of Kafka's clients do not have their constants.
            Map.entry("share.acknowledgement.mode", NO_GROUP),
            Map.entry("share.acquire.mode", NO_GROUP));

    private final Map<String, Given> given;
    private final Map<String, Object> options;
    private final Collection<String> faults;
    private final Collection<String> warnings;
    private final Map<String, Object> values = defaults();

    /** The properties whose values are wrong, or known only when a client is made. */
    private final Set<String> unknown = new HashSet<>();

    private KafkaProperties(Sources sources, Collection<String> faults, Collection<String> warnings) {
        this.given = sources.kafkaProperties(faults);
        this.options = sources.kafkaOptions();
        this.faults = faults;
        this.warnings = warnings;
    }

    /** Reads the properties of every consumer. Adds what is wrong to the faults, and what is odd to the warnings. */
    static KafkaProperties read(
            Sources sources, List<String> brokers, Collection<String> faults, Collection<String> warnings) {
        KafkaProperties properties = new KafkaProperties(sources, faults, warnings);
        properties.given.forEach(properties::accept);
        properties.values.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, String.join(",", brokers));
        properties.checkAsKafkaDoes();
        return properties;
    }

    /** The values as consumers get them, by Kafka's names. */
    Map<String, Object> values() {
        return values;
    }

    /** A line for each value except the brokers, which have a setting of their own. */
    List<String> effective() {
        List<String> lines = new ArrayList<>();
        new TreeMap<>(values).forEach((name, value) -> {
            Given written = WITHOUT_EFFECT.containsKey(name) ? null : given.get(name);
            if (written != null) {
                String shown = isPassword(name)
                        ? Secrets.HIDDEN
                        : written.with(text(value, written)).shownValue();
                lines.add(Sources.KAFKA + name + " = " + shown + ", from " + written.source());
            } else if (!name.equals(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG)) {
                lines.add(Sources.KAFKA + name + " = " + value + ", default");
            }
        });
        return lines;
    }

    private static String text(Object value, Given source) {
        return value instanceof String text ? text : source.value();
    }

    private static boolean isPassword(String name) {
        ConfigDef.ConfigKey key = ConsumerConfig.configDef().configKeys().get(name);
        return key != null && key.type == ConfigDef.Type.PASSWORD;
    }

    private static Map<String, Object> defaults() {
        Map<String, Object> properties = new HashMap<>();
        // A transaction may be aborted, but an event that was sent cannot be recalled.
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // Where nothing fails, consumers learn of other brokers and leaders after this time. Kafka's default is five
        // minutes. The topics are asked for more often (KafkaCluster.topicCheck).
        properties.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, "30000");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class.getName());
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class.getName());
        // Operators cannot change these: without a group there is nothing to commit, and a lost offset has to become a
        // gap.
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return properties;
    }

    private void accept(String name, Given value) {
        if (REFUSED.containsKey(name)) {
            faults.add(value.shown() + ": it is refused, " + REFUSED.get(name));
        } else if (WITHOUT_EFFECT.containsKey(name)) {
            warnings.add(value.source() + " has no effect: " + WITHOUT_EFFECT.get(name));
        } else {
            values.put(name, checked(name, value));
        }
    }

    /** The value as Kafka understands it. A builder may have set another type than text; that stays as it is. */
    private Object checked(String name, Given value) {
        Object asGiven = options.getOrDefault(name, value.value());
        if (isFilledInLater(value.value())) {
            unknown.add(name);
        }
        ConfigDef.ConfigKey key = ConsumerConfig.configDef().configKeys().get(name);
        if (key == null) {
            warnIfMisspelt(name, value);
            return asGiven;
        }
        return unknown.contains(name) ? asGiven : checkedKnown(key, asGiven, value);
    }

    /**
     * An unknown property is not a fault: deserializers, interceptors and login modules have properties of their own.
     */
    private void warnIfMisspelt(String name, Given value) {
        if (name.startsWith(PROVIDERS + ".")) {
            return;
        }
        NearMiss.of(name, ConsumerConfig.configNames())
                .or(() -> NearMiss.of(Sources.KAFKA + name, List.of(Setting.KAFKA_BROKER_URL.initParam())))
                .ifPresent(meant -> warnings.add(value.source()
                        + " is not a property of the Kafka consumer and is passed on unchanged; \"" + meant
                        + "\" was probably meant"));
    }

    /** A reference such as {@code ${file:/path:key}} is resolved when a consumer is made, and not before. */
    private boolean isFilledInLater(String value) {
        return value.contains("${") && given.containsKey(PROVIDERS);
    }

    private void checkAsKafkaDoes() {
        KafkaChecks.check(values, unknown, this::refuse);
        if (faults.isEmpty()) {
            KafkaChecks.checkTogether(values, unknown, this::refuse);
        }
    }

    private void refuse(String name, String reason) {
        Given value = given.get(name);
        if (value == null) {
            faults.add(Sources.KAFKA + name + ": " + Secrets.hideInValue(reason));
        } else if (value.isSecret() || isPassword(name)) {
            List<String> parts = List.of(value.value().trim().split("\\s*,\\s*"));
            faults.add(value.source() + " (value hidden): " + Secrets.hideWords(reason, parts));
        } else {
            faults.add(value.shown() + ": " + Secrets.hideInValue(reason));
        }
    }

    private Object checkedKnown(ConfigDef.ConfigKey key, Object asGiven, Given value) {
        Object parsed = null;
        try {
            parsed = ConfigDef.parseType(key.name, asGiven, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
            return asGiven instanceof String text ? asUsed(text, parsed) : asGiven;
        } catch (ConfigException e) {
            unknown.add(key.name);
            boolean secret = value.isSecret() || key.type == ConfigDef.Type.PASSWORD;
            String shown = secret ? value.source() + " (value hidden)" : value.shown();
            String reason = reason(e, key.name) + (parsed == null ? numberOf(key) : "");
            faults.add(shown + ": " + (secret ? "Kafka refuses it" : Secrets.hideInValue(reason)));
            return asGiven;
        }
    }

    /** Which numbers are allowed, of which Kafka says nothing where a value is none. */
    private static String numberOf(ConfigDef.ConfigKey key) {
        String range = key.validator instanceof ConfigDef.Range ? " in " + key.validator : "";
        return switch (key.type) {
            case INT, SHORT, LONG -> "; allowed is a whole number" + range;
            case DOUBLE -> "; allowed is a number" + range;
            default -> "";
        };
    }

    /** The checked value as text. Not every reader trims white space and ignores case as Kafka does. */
    private static String asUsed(String text, Object parsed) {
        return parsed instanceof Number || parsed instanceof Boolean ? parsed.toString() : text.trim();
    }

    /** Kafka's reason, without the name and value, which the fault begins with. */
    static String reason(ConfigException e, String name) {
        String message = e.getMessage();
        String introduction = " for configuration " + name + ": ";
        int end = message.indexOf(introduction);
        return end < 0 ? message : message.substring(end + introduction.length());
    }
}
