package com.opengrail.kafka.sse.internal.settings;

import com.opengrail.kafka.sse.internal.log.Spelling;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that was probably meant by an unknown one. */
final class NearMiss {

    private static final int SHORTEST_PART = 5;

    private NearMiss() {}

    /** The known name closest to this one, if it is close enough to be suggested. */
    static Optional<String> of(String name, Collection<String> known) {
        String given = comparable(name);
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = Spelling.distance(given, comparable(candidate));
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        if (best != null && least <= Math.max(1, Math.min(3, given.length() / 4))) {
            return Optional.of(best);
        }
        return known.stream()
                .filter(candidate ->
                        given.length() >= SHORTEST_PART && comparable(candidate).contains(given))
                .min(String::compareTo);
    }

    /** Init-params and variables differ in case and separators only, and people mix them up. */
    private static String comparable(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-');
        return plain.startsWith("sse-proxy-") ? plain.substring("sse-proxy-".length()) : plain;
    }
}
