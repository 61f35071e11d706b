package com.opengrail.kafka.sse;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The health of all engines of an application. Threads: immutable. */
record KafkaSseHealthReport(List<EngineHealth> engines) {

    private static final Pattern EXCEPTION =
            Pattern.compile("(?:\\p{javaJavaIdentifierPart}+\\.)*(\\p{javaJavaIdentifierPart}+)");

    /** True if no engine needs a restart. */
    boolean isLive() {
        return engines.stream().allMatch(EngineHealth::isLive);
    }

    /**
     * True if new clients are served well here.
     *
     * @param withKafka true if that needs the brokers
     */
    boolean isReady(boolean withKafka) {
        return !engines.isEmpty()
                && engines.stream()
                        .allMatch(engine -> withKafka ? engine.isReady() : engine.state() == EngineHealth.State.OPEN);
    }

    /** The answer for everybody. */
    static String status(boolean good) {
        return "{\"status\":\"" + (good ? "UP" : "DOWN") + "\"}";
    }

    /** The answer for those who may know topics and servlets. */
    String details(boolean good) {
        StringBuilder json = new StringBuilder(256);
        json.append("{\"status\":").append(quote(good ? "UP" : "DOWN")).append(",\"engines\":[");
        String separator = "";
        for (EngineHealth engine : engines) {
            json.append(separator);
            append(engine, json);
            separator = ",";
        }
        return json.append("]}").toString();
    }

    private static void append(EngineHealth engine, StringBuilder json) {
        json.append("{\"name\":").append(quote(engine.name()));
        json.append(",\"state\":").append(quote(lower(engine.state())));
        json.append(",\"connections\":").append(engine.connections());
        json.append(",\"feeds\":[");
        String separator = "";
        for (FeedHealth feed : engine.feeds()) {
            json.append(separator);
            append(feed, json);
            separator = ",";
        }
        json.append("]}");
    }

    private static void append(FeedHealth feed, StringBuilder json) {
        json.append("{\"topics\":").append(quote(String.join(",", feed.topics())));
        json.append(",\"state\":").append(quote(lower(feed.state())));
        json.append(",\"clients\":").append(feed.clients());
        json.append(",\"lagRecords\":").append(feed.lagRecords().orElse(-1));
        json.append(",\"lastAnswerAgeMillis\":")
                .append(feed.lastAnswerAge().map(age -> age.toMillis()).orElse(-1L));
        json.append(",\"consecutiveFailures\":").append(feed.consecutiveFailures());
        if (!feed.lastError().isEmpty()) {
            json.append(",\"lastError\":").append(quote(withoutHosts(feed.lastError())));
        }
        json.append('}');
    }

    /** A reason of our own, which names topics; or else the name of an exception alone, since its message may name hosts. */
    private static String withoutHosts(String error) {
        if (error.startsWith("Cannot read ")) {
            return error;
        }
        Matcher exception = EXCEPTION.matcher(error);
        return exception.lookingAt() ? exception.group(1) : "";
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** A string of JSON (RFC 8259, chapter 7). */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
