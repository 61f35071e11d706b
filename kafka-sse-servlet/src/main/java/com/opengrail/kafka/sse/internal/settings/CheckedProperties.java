package com.opengrail.kafka.sse.internal.settings;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * Properties whose values are checked against each other.
 *
 * @param values as clients get them, without those that are not known
 * @param unknown whose values are wrong, or filled in by config providers later
 * @param faults is told the property and what is wrong with it
 */
record CheckedProperties(Map<String, Object> values, Set<String> unknown, BiConsumer<String, String> faults) {

    CheckedProperties {
        values = new HashMap<>(values);
        values.keySet().removeAll(unknown);
    }

    void refuse(String name, String reason) {
        faults.accept(name, reason);
    }

    /** The value as text, or a default. */
    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise).toString();
    }

    boolean isKnown(String name) {
        return values.containsKey(name);
    }

    /** True unless it is given, or may be filled in later. */
    boolean isAbsent(String name) {
        return !values.containsKey(name) && !unknown.contains(name);
    }

    boolean areAbsent(String... names) {
        return Arrays.stream(names).allMatch(this::isAbsent);
    }

    /** The elements of a list. */
    List<String> elements(String name) {
        return elements(values.getOrDefault(name, "")).stream()
                .map(Object::toString)
                .toList();
    }

    /** The elements of a value that may be a list. */
    static List<?> elements(Object value) {
        if (value instanceof Collection<?> several) {
            return List.copyOf(several);
        }
        return value instanceof String text
                ? Arrays.stream(text.split(","))
                        .map(String::trim)
                        .filter(element -> !element.isEmpty())
                        .toList()
                : List.of(value);
    }

    /** True if Kafka logs in. */
    boolean usesSasl() {
        return protocol().startsWith("SASL_");
    }

    /** True if connections are encrypted. */
    boolean usesTls() {
        return protocol().equals(SecurityProtocol.SSL.name) || protocol().equals(SecurityProtocol.SASL_SSL.name);
    }

    private String protocol() {
        return text(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "").trim().toUpperCase(Locale.ROOT);
    }
}
