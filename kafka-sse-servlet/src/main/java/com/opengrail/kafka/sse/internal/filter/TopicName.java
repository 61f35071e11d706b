package com.opengrail.kafka.sse.internal.filter;

import java.util.regex.Pattern;

/** Kafka's rule for topic names. */
public final class TopicName {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

    private TopicName() {}

    /** Whether Kafka allows a topic of this name. */
    public static boolean isValid(String name) {
        return NAME.matcher(name).matches() && !name.equals(".") && !name.equals("..");
    }
}
