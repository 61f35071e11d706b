package com.opengrail.kafka.sse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a builder, as text by init-param, and the faults of its calls.
 *
 * <p>Threads: not safe, like the builder.
 */
final class KafkaSseGivenSettings {
    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final Pattern COMMA_OR_ESCAPED = Pattern.compile(",|\\\\.", Pattern.DOTALL);

    private final Map<String, String> settings = new HashMap<>();

    /** The faults by method, so that a later call of a method replaces the fault of an earlier one. */
    private final Map<String, String> faults = new LinkedHashMap<>();

    Map<String, String> byInitParam() {
        return Map.copyOf(settings);
    }

    List<String> faults() {
        return new ArrayList<>(faults.values());
    }

    void text(String setting, String value) {
        settings.put(setting, Objects.requireNonNull(value, () -> setting + " == null"));
    }

    void millis(String setting, String method, Duration duration) {
        Objects.requireNonNull(duration, () -> method + " == null");
        boolean whole = duration.toNanosPart() % NANOS_PER_MILLI == 0;
        fault(method, whole ? null : " = " + duration + ": it is not a whole number of milliseconds");
        // What is too long becomes the longest number of milliseconds, which no setting allows.
        textUnlessFaulty(setting, method, Long.toString(TimeUnit.MILLISECONDS.convert(duration)));
    }

    /** A list whose elements have no comma. */
    void names(String setting, String method, String... names) {
        String joined = join(method, names);
        if (Arrays.stream(names).anyMatch(name -> name.contains(","))) {
            fault(method, " = \"" + joined + "\": it has a comma; give each element as an argument of its own");
        }
        textUnlessFaulty(setting, method, joined);
    }

    /** A list whose elements may have commas, which are escaped. */
    void expressions(String setting, String method, String... expressions) {
        join(method, expressions);
        textUnlessFaulty(
                setting,
                method,
                Arrays.stream(expressions)
                        .map(KafkaSseGivenSettings::escapeCommas)
                        .collect(Collectors.joining(",")));
    }

    private String join(String method, String... elements) {
        for (String element : elements) {
            Objects.requireNonNull(element, () -> method + " has an element == null");
        }
        fault(method, elements.length > 0 ? null : ": it needs at least one argument");
        return String.join(",", elements);
    }

    private static String escapeCommas(String expression) {
        return COMMA_OR_ESCAPED
                .matcher(expression)
                .replaceAll(found -> Matcher.quoteReplacement(found.group().equals(",") ? "\\," : found.group()));
    }

    /** Leaves out a value that has a fault already, so that it is not reported twice. */
    private void textUnlessFaulty(String setting, String method, String value) {
        if (faults.containsKey(method)) {
            settings.remove(setting);
        } else {
            text(setting, value);
        }
    }

    /** Notes the fault of the last call of a method; {@code null} if there is none. */
    void fault(String method, @Nullable String what) {
        if (what == null) {
            faults.remove(method);
        } else {
            faults.put(method, "builder " + method + what);
        }
    }
}
