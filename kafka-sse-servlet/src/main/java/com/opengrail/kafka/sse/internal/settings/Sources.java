package com.opengrail.kafka.sse.internal.settings;

import java.util.Map;

/**
 * Where values come from: what is given by a setting's own name wins over a variable of the environment.
 *
 * @param origin what gives the values by name
 * @param named the values by name: init-params, or what a builder was told
 * @param environment the values by variable
 * @param kafkaOptions the consumer properties of a builder, which need not be text, by Kafka's names
 */
record Sources(
        Given.Origin origin,
        Map<String, String> named,
        Map<String, String> environment,
        Map<String, Object> kafkaOptions) {

    Sources {
        named = Map.copyOf(named);
        environment = Map.copyOf(environment);
        kafkaOptions = Map.copyOf(kafkaOptions);
    }

    static Sources of(Map<String, String> initParams, Map<String, String> environment) {
        return new Sources(Given.Origin.INIT_PARAM, initParams, environment, Map.of());
    }

    static Sources ofBuilder(Map<String, String> named, Map<String, Object> kafkaOptions) {
        return new Sources(Given.Origin.BUILDER, named, Map.of(), kafkaOptions);
    }

    /**
     * The value of this setting, or null; a blank one counts as not given, so that the next source decides. In code
     * nobody gives a blank value to leave a setting out.
     */
    Given of(Setting setting) {
        String value = named.get(setting.initParam());
        if (value != null && (origin == Given.Origin.BUILDER || !value.isBlank())) {
            return named(setting.initParam(), value.strip());
        }
        String variable = environment.getOrDefault(setting.variable(), "");
        return variable.isBlank() ? null : Given.variable(setting.variable(), variable.strip());
    }

    /** A value given by name. */
    Given named(String name, String value) {
        return new Given(origin, name, value);
    }
}
