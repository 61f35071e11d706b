package com.opengrail.kafka.sse;

import com.opengrail.kafka.sse.internal.mapper.Json;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The health of all engines of an application. Threads: immutable. */
record KafkaSseHealthReport(List<EngineHealth> engines) {

    private static final Pattern EXCEPTION =
            Pattern.compile("(?:\\p{javaJavaIdentifierPart}+\\.)*(\\p{javaJavaIdentifierPart}+)");

    /** The name of an exception that the text of another one ends with. */
    private static final Pattern CAUSE = Pattern.compile(
            "(?:: |\\()(?:\\p{javaJavaIdentifierPart}++\\.)++(\\p{Lu}\\p{javaJavaIdentifierPart}*(?:Exception|Error))(?=: |\\)|$)");

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
        String all = engines.stream().map(KafkaSseHealthReport::json).collect(Collectors.joining(","));
        return "{\"status\":" + quote(good ? "UP" : "DOWN") + ",\"engines\":[" + all + "]}";
    }

    private static String json(EngineHealth engine) {
        return "{\"name\":" + quote(engine.name())
                + ",\"state\":" + quote(lower(engine.state()))
                + ",\"connections\":" + engine.connections()
                + ",\"feeds\":["
                + engine.feeds().stream().map(KafkaSseHealthReport::json).collect(Collectors.joining(","))
                + "]}";
    }

    private static String json(FeedHealth feed) {
        String error = feed.lastError().isEmpty() ? "" : ",\"lastError\":" + quote(withoutHosts(feed.lastError()));
        return "{\"topics\":" + quote(String.join(",", feed.topics()))
                + ",\"state\":" + quote(lower(feed.state()))
                + ",\"clients\":" + feed.clients()
                + ",\"lagRecords\":" + feed.lagRecords().orElse(-1)
                + ",\"lastAnswerAgeMillis\":"
                + feed.lastAnswerAge().map(Duration::toMillis).orElse(-1L)
                + ",\"consecutiveFailures\":" + feed.consecutiveFailures()
                + ",\"failingPartitions\":" + quote(String.join(",", feed.failingPartitions()))
                + ",\"throttled\":" + feed.throttled()
                + error
                + "}";
    }

    /**
     * A reason of our own, which names topics; or else the names of an exception and of what it comes of alone, since their
     * messages may name hosts.
     */
    private static String withoutHosts(String error) {
        if (error.startsWith("Cannot read ")) {
            return error;
        }
        Matcher exception = EXCEPTION.matcher(error);
        String failed = exception.lookingAt() ? exception.group(1) : "";
        return CAUSE.matcher(error)
                .results()
                .map(found -> found.group(1))
                .reduce((outer, inner) -> inner)
                .filter(cause -> !cause.equals(failed))
                .map(cause -> failed + " (" + cause + ")")
                .orElse(failed);
    }

    /** The value as settings and reports name it. */
    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2);
        Json.string(quoted, text);
        return quoted.toString();
    }
}
