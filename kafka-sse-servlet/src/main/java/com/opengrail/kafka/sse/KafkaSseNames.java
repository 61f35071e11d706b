package com.opengrail.kafka.sse;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * The names of the open engines that were built in code. Their threads and Kafka clients have to have different names.
 *
 * <p>Threads: safe.
 */
final class KafkaSseNames {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]{1,100}");
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Set<String> TAKEN = ConcurrentHashMap.newKeySet();

    private KafkaSseNames() {}

    /** Claims a name that no engine has. */
    static String claim() {
        String next;
        do {
            next = "kafka-sse-" + NUMBER.incrementAndGet();
        } while (!TAKEN.add(next));
        return next;
    }

    /**
     * Claims a name.
     *
     * @throws IllegalArgumentException if it is malformed, or if another open engine has it
     */
    static String claim(String name) {
        if (!ALLOWED.matcher(name).matches()) {
            throw new IllegalArgumentException("builder name = \"" + name.replaceAll("\\p{Cntrl}", " ")
                    + "\": allowed are at most 100 letters, digits, dots, underscores and hyphens");
        }
        if (!TAKEN.add(name)) {
            throw new IllegalArgumentException("builder name = \"" + name + "\": another open engine has this name");
        }
        return name;
    }

    static void release(String name) {
        TAKEN.remove(name);
    }
}
