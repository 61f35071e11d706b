package com.opengrail.kafka.sse;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * The names of the engines that were built in code and are open, so that their threads and Kafka clients are told apart.
 *
 * <p>Threads: safe.
 */
final class KafkaSseNames {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Set<String> TAKEN = ConcurrentHashMap.newKeySet();

    private KafkaSseNames() {}

    /** Takes a name that nobody has. */
    static String claim() {
        String next;
        do {
            next = "kafka-sse-" + NUMBER.incrementAndGet();
        } while (!TAKEN.add(next));
        return next;
    }

    /**
     * Takes a name.
     *
     * @throws IllegalArgumentException if it is malformed, or that of an engine that is open
     */
    static String claim(String name) {
        if (!ALLOWED.matcher(name).matches()) {
            throw new IllegalArgumentException("builder name = \"" + name.replaceAll("\\p{Cntrl}", " ")
                    + "\": allowed are at most 100 letters, digits, dots, underscores and hyphens");
        }
        if (!TAKEN.add(name)) {
            throw new IllegalArgumentException("builder name = \"" + name + "\": an engine that is open has it");
        }
        return name;
    }

    static void release(String name) {
        TAKEN.remove(name);
    }
}
