package com.opengrail.kafka.sse;

import java.util.List;
import java.util.Map;

/** How some engines are. Threads: safe; each question is answered with the present. */
final class KafkaSseHealth {
    private static final String FAILING = "failing";

    private final List<KafkaSse> engines;

    KafkaSseHealth(List<KafkaSse> engines) {
        this.engines = engines;
    }

    /** Whether a restart would mend nothing. */
    boolean isLive() {
        return engines.stream().allMatch(KafkaSse::isAlive);
    }

    /**
     * Whether new clients are served well here.
     *
     * @param withKafka whether that needs the brokers
     */
    boolean isReady(boolean withKafka) {
        return !engines.isEmpty()
                && engines.stream()
                        .allMatch(engine ->
                                engine.isAlive() && !engine.isClosing() && !(withKafka && areAllFeedsFailing(engine)));
    }

    private static boolean areAllFeedsFailing(KafkaSse engine) {
        Map<String, KafkaSseMXBean.Feed> feeds = engine.metrics().getFeeds();
        return !feeds.isEmpty()
                && feeds.values().stream().allMatch(feed -> feed.getState().equals(FAILING));
    }

    String toJson(boolean good) {
        StringBuilder json = new StringBuilder(256);
        json.append("{\"status\":").append(quote(good ? "up" : "down")).append(",\"engines\":[");
        String separator = "";
        for (KafkaSse engine : engines) {
            json.append(separator);
            append(engine, json);
            separator = ",";
        }
        return json.append("]}\n").toString();
    }

    private static void append(KafkaSse engine, StringBuilder json) {
        String state = engine.isClosing() ? "closing" : engine.isAlive() ? "open" : "broken";
        json.append("{\"name\":").append(quote(engine.registeredName()));
        json.append(",\"state\":").append(quote(state));
        json.append(",\"connections\":").append(engine.metrics().getConnections());
        json.append(",\"feeds\":[");
        String separator = "";
        for (Map.Entry<String, KafkaSseMXBean.Feed> entry :
                engine.metrics().getFeeds().entrySet()) {
            json.append(separator);
            append(entry.getKey(), entry.getValue(), json);
            separator = ",";
        }
        json.append("]}");
    }

    /** Without the text of the last failure, which may name hosts. */
    private static void append(String topics, KafkaSseMXBean.Feed feed, StringBuilder json) {
        json.append("{\"topics\":").append(quote(topics));
        json.append(",\"state\":").append(quote(feed.getState()));
        json.append(",\"clients\":").append(feed.getClients());
        json.append(",\"lagRecords\":").append(feed.getLagRecords());
        json.append(",\"lastAnswerAgeMillis\":").append(feed.getLastAnswerAgeMillis());
        json.append(",\"consecutiveFailures\":").append(feed.getConsecutiveFailures());
        json.append('}');
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
