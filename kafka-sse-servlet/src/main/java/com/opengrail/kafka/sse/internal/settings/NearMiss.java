package com.opengrail.kafka.sse.internal.settings;

import com.opengrail.kafka.sse.internal.log.Secrets;
import com.opengrail.kafka.sse.internal.log.Spelling;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.ConfigDef;

/** Finds the known name that was probably meant by an unknown one. */
final class NearMiss {

    private static final int SHORTEST_PART = 5;

    private static final List<String> SECRETS = properties(true);
    private static final List<String> HARMLESS = properties(false);

    private NearMiss() {}

    private static List<String> properties(boolean areSecret) {
        return ConsumerConfig.configDef().configKeys().values().stream()
                .filter(key -> areSecret == (key.type == ConfigDef.Type.PASSWORD || Secrets.isSecret(key.name)))
                .map(key -> key.name)
                .toList();
    }

    /** True if a property of Kafka that holds a secret was probably meant by this name, however it is separated. */
    static boolean isOfSecret(String name) {
        String given = comparable(name).replaceFirst("^(?:.*-)?kafka-(?=.)", "");
        int secret = least(given, SECRETS);
        return isClose(given, secret) && secret <= least(given, HARMLESS);
    }

    private static int least(String given, Collection<String> known) {
        return known.stream()
                .mapToInt(candidate -> distance(given, candidate))
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    private static int distance(String given, String known) {
        return Spelling.distance(given, comparable(known));
    }

    private static boolean isClose(String given, int distance) {
        return distance <= Math.max(1, Math.min(3, given.length() / 4));
    }

    /** The known name closest to this one, if it is close enough to be suggested. */
    static Optional<String> of(String name, Collection<String> known) {
        String given = comparable(name);
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(given, candidate)))
                .filter(closest -> isClose(given, distance(given, closest)))
                .or(() -> known.stream()
                        .filter(candidate -> given.length() >= SHORTEST_PART
                                && comparable(candidate).contains(given))
                        .min(String::compareTo));
    }

    /** Init-params and variables differ in case and separators only, and people mix them up. */
    private static String comparable(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replace('_', '-').replace('.', '-');
        return plain.startsWith("sse-proxy-") ? plain.substring("sse-proxy-".length()) : plain;
    }
}
