package com.opengrail.kafka.sse.internal.settings;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The consumer properties that an operator gives as {@code kafka.NAME}, checked as far as Kafka knows them. */
final class KafkaProperties {

    static final String INIT_PARAM_PREFIX = "kafka.";
    static final String VARIABLE_PREFIX = Setting.VARIABLE_PREFIX + "KAFKA_";

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
            Map.entry(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, NO_GROUP));

    private static final Set<String> DESERIALIZERS =
            Set.of(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);

    private final Map<String, Given> given = new TreeMap<>();
    private final Map<String, Object> options;
    private final Collection<String> faults;
    private final Collection<String> warnings;

    private KafkaProperties(Map<String, Object> options, Faults found) {
        this.options = options;
        this.faults = found.faults();
        this.warnings = found.warnings();
    }

    /** The properties of every consumer; what is wrong or has no effect is added to the two lists. */
    static Map<String, Object> read(Sources sources, List<String> brokers, Faults found) {
        KafkaProperties properties = new KafkaProperties(sources.kafkaOptions(), found);
        properties.collect(sources);
        Map<String, Object> result = defaults();
        properties.given.forEach((name, value) -> properties.accept(name, value, result));
        result.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, String.join(",", brokers));
        return Map.copyOf(result);
    }

    /** Whether a variable with the prefix names a consumer property; one is a setting of its own. */
    static boolean isVariable(String name) {
        return name.startsWith(VARIABLE_PREFIX)
                && name.length() > VARIABLE_PREFIX.length()
                && !name.equals(Setting.KAFKA_BROKER_URL.variable());
    }

    static boolean isInitParam(String name) {
        return name.startsWith(INIT_PARAM_PREFIX) && name.length() > INIT_PARAM_PREFIX.length();
    }

    private static Map<String, Object> defaults() {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, Defaults.ISOLATION_LEVEL);
        properties.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, Defaults.METADATA_MAX_AGE_MS);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class.getName());
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class.getName());
        // Not the operator's to change: without a group there is nothing to commit, and a lost offset is a gap.
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return properties;
    }

    private void collect(Sources sources) {
        sources.environment().forEach((name, value) -> {
            if (isVariable(name)) {
                String property = name.substring(VARIABLE_PREFIX.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '.');
                given.put(property, Given.variable(name, value));
            }
        });
        sources.named().forEach((name, value) -> {
            if (isInitParam(name)) {
                given.put(name.substring(INIT_PARAM_PREFIX.length()), sources.named(name, value));
            }
        });
    }

    private void accept(String name, Given value, Map<String, Object> result) {
        if (REFUSED.containsKey(name)) {
            faults.add(value.shown() + ": it is refused, " + REFUSED.get(name));
        } else if (WITHOUT_EFFECT.containsKey(name)) {
            warnings.add(value.place() + " has no effect: " + WITHOUT_EFFECT.get(name));
        } else {
            check(name, value);
            result.put(name, valueOf(name, value));
        }
    }

    /** The value as it was given: in code it need not be text. */
    private Object valueOf(String name, Given value) {
        return options.getOrDefault(name, value.value());
    }

    private void check(String name, Given value) {
        ConfigDef.ConfigKey key = ConsumerConfig.configDef().configKeys().get(name);
        if (key == null) {
            // Deserializers, interceptors and login modules read properties of their own, so it is passed on.
            NearMiss.of(name, ConsumerConfig.configNames())
                    .or(() -> NearMiss.of(INIT_PARAM_PREFIX + name, List.of(Setting.KAFKA_BROKER_URL.initParam())))
                    .ifPresent(meant -> warnings.add(value.place()
                            + " is no property of the Kafka consumer and passed on as it is; \"" + meant
                            + "\" was probably meant"));
        } else if (!isFilledInLater(value.value())) {
            checkKnown(key, value);
        }
    }

    /** A reference like {@code ${file:/path:key}} is only resolved when a consumer is made. */
    private boolean isFilledInLater(String value) {
        return value.contains("${") && given.containsKey("config.providers");
    }

    private void checkKnown(ConfigDef.ConfigKey key, Given value) {
        try {
            Object parsed = ConfigDef.parseType(key.name, valueOf(key.name, value), key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
            if (DESERIALIZERS.contains(key.name) && !isDeserializer((Class<?>) parsed)) {
                faults.add(value.shown() + ": it is no public class with a public constructor without parameters that"
                        + " implements " + Deserializer.class.getName());
            }
        } catch (ConfigException e) {
            boolean secret = Given.isSecret(key.name) || key.type == ConfigDef.Type.PASSWORD;
            faults.add(value.shown() + ": " + (secret ? "Kafka refuses it" : reason(e, key.name)));
        }
    }

    private static boolean isDeserializer(Class<?> type) {
        return Modifier.isPublic(type.getModifiers())
                && Deserializer.class.isAssignableFrom(type)
                && Arrays.stream(type.getConstructors()).anyMatch(constructor -> constructor.getParameterCount() == 0);
    }

    /** Kafka's reason without the name and value that the fault begins with anyway. */
    private static String reason(ConfigException e, String name) {
        String message = e.getMessage();
        String introduction = " for configuration " + name + ": ";
        int end = message.indexOf(introduction);
        return end < 0 ? message : message.substring(end + introduction.length());
    }
}
