package com.opengrail.kafka.sse.internal.settings;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sources of values. A value that is given by the setting's own name wins over an environment variable.
 *
 * @param origin the kind of source of the values by name
 * @param named the values by name: init-params, or the settings of a builder
 * @param environment the environment variables of this servlet
 * @param kafkaOptions the consumer properties of a builder, which need not be text, by Kafka's names
 */
record Sources(
        Given.Origin origin, Map<String, String> named, Environment environment, Map<String, Object> kafkaOptions) {

    /** What the names of consumer properties begin with. */
    static final String KAFKA = "kafka.";

    Sources {
        named = Map.copyOf(named);
        kafkaOptions = Map.copyOf(kafkaOptions);
    }

    /** Init-params and the variables that begin with the prefix that one of them may name. */
    static Sources of(Map<String, String> initParams, Map<String, String> variables) {
        String prefix =
                initParams.getOrDefault(Setting.ENV_PREFIX.initParam(), "").strip();
        boolean usable = !prefix.isEmpty() && Values.isVariableName(prefix);
        Environment environment = new Environment(usable ? prefix : Environment.USUAL_PREFIX, variables);
        return new Sources(Given.Origin.INIT_PARAM, initParams, environment, Map.of());
    }

    static Sources ofBuilder(Map<String, String> named, Map<String, Object> kafkaOptions) {
        Environment none = new Environment(Environment.USUAL_PREFIX, Map.of());
        return new Sources(Given.Origin.BUILDER, named, none, kafkaOptions);
    }

    /**
     * The value of this setting, or {@code null}. A blank value counts as not given, so that the next source decides.
     * Only a builder's blank value is a value: code that means the default does not call the method.
     */
    Given of(Setting setting, Collection<String> faults) {
        String value = named.get(setting.initParam());
        if (value != null && (origin == Given.Origin.BUILDER || !value.isBlank())) {
            environment.checkUnused(setting, faults);
            return named(setting.initParam(), value.strip());
        }
        return setting == Setting.ENV_PREFIX ? null : environment.of(setting, faults);
    }

    Map<String, Given> kafkaProperties(Collection<String> faults) {
        Map<String, Given> properties = new TreeMap<>();
        named.forEach((name, value) -> {
            if (isKafkaProperty(name)) {
                properties.put(name.substring(KAFKA.length()), named(name, value));
            }
        });
        environment.addKafkaProperties(properties, faults);
        return properties;
    }

    /** True if a name is that of a consumer property. */
    static boolean isKafkaProperty(String name) {
        return name.startsWith(KAFKA) && name.length() > KAFKA.length();
    }

    Given named(String name, String value) {
        return new Given(origin, name, value, null);
    }
}
