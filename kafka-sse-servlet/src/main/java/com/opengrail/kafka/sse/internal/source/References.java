package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.log.Secrets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigTransformer;

/** The properties whose values Kafka's config providers fill in, such as {@code ${file:/path:key}}. */
final class References {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{[^}]*}");
    private static final Pattern BETWEEN_VALUES = Pattern.compile("[\\s,;=\"']+");

    private static final int MOST_CAUSES = 100;

    private References() {}

    static boolean isReference(Object value) {
        return value.toString().contains("${");
    }

    /** Hides from what is told of a failure what the providers have filled in. They are asked for it once more. */
    static UnaryOperator<String> hider(Map<String, Object> properties, Throwable failure) {
        Map<String, Object> references = new HashMap<>(properties);
        references.values().removeIf(value -> !isReference(value));
        if (references.isEmpty()) {
            return UnaryOperator.identity();
        }
        Set<String> values = isOfProvider(failure) ? Set.of() : values(references, resolvedIfPossible(properties));
        Predicate<String> isNamed = references::containsKey;
        return text -> Secrets.hideWords(Secrets.hideInvalidValues(text, isNamed), values);
    }

    /** True if no value could be filled in. The provider may write lines to the log if it is asked again. */
    private static boolean isOfProvider(Throwable failure) {
        String filling = ConfigTransformer.class.getName();
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(MOST_CAUSES)
                .flatMap(cause -> Arrays.stream(cause.getStackTrace()))
                .anyMatch(frame -> frame.getClassName().equals(filling));
    }

    /**
     * The properties with what the providers fill in.
     *
     * @throws RuntimeException if a provider or what it reads is away
     */
    static Map<String, Object> resolve(Map<String, Object> properties) {
        return new AbstractConfig(new ConfigDef(), properties, false).originals();
    }

    /** Nothing while a provider or its file is away: then there is nothing to hide either. */
    private static Map<String, Object> resolvedIfPossible(Map<String, Object> properties) {
        try {
            return resolve(properties);
        } catch (RuntimeException e) {
            return Map.of();
        }
    }

    private static Set<String> values(Map<String, Object> references, Map<String, Object> resolved) {
        Set<String> values = new HashSet<>();
        references.forEach((name, reference) -> {
            Object value = resolved.getOrDefault(name, reference);
            Matcher filled = around(reference.toString()).matcher(value.toString());
            if (!value.equals(reference) && filled.matches()) {
                for (int i = 1; i <= filled.groupCount(); i++) {
                    values.add(filled.group(i).trim());
                    values.addAll(Arrays.asList(BETWEEN_VALUES.split(filled.group(i))));
                }
            }
        });
        return values;
    }

    /** Matches what becomes of a text with references. */
    private static Pattern around(String text) {
        return Pattern.compile(
                Arrays.stream(REFERENCE.split(text, -1)).map(Pattern::quote).collect(Collectors.joining("(.*)")),
                Pattern.DOTALL);
    }
}
