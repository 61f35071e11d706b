package com.opengrail.kafka.sse.internal.settings;

import com.opengrail.kafka.sse.ClientFilters;
import com.opengrail.kafka.sse.Compression;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.mapper.MapperList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The settings, each with its init-param, its default, its parser and what is allowed. A comment gives the reason for a
 * default. What each means stands in {@code docs/configuration.md}.
 */
public enum Setting {
    TOPIC("topic", "none", List.of(), Values::topics, "comma separated topic names"),
    ALLOWED_TOPICS(
            "allowed-topics",
            "the value of `topic`",
            AllowedTopics.NONE,
            AllowedTopics::parse,
            "comma separated topic names or RE2 expressions"),
    // Where a broker on the same machine listens by default.
    KAFKA_BROKER_URL(
            "kafka-broker-url",
            "localhost:9092",
            List.of("localhost:9092"),
            Values::brokers,
            "comma separated host:port"),
    // A poll returns as soon as there are records. This only bounds how late a tail notices other work.
    POLL_TIMEOUT_MILLIS("poll-timeout-millis", 100, 1, 60_000),
    // About one poll of Kafka's default size (500 records).
    BUFFER_SIZE("buffer-size", 512, 1, 1_000_000),
    // Below the idle limits of common proxies (30 s to 60 s) with room, and soon enough to notice a dead client.
    KEEP_ALIVE_MILLIS("keep-alive-millis", 5_000, 0, 3_600_000),
    EVENT_FILTER("event-filter", ".*", EventFilter.all(), EventFilter::parse, "comma separated RE2 expressions"),
    EVENT_MAPPERS(
            "event-mappers",
            "none",
            MapperList.DEFAULT,
            Values::mappers,
            "comma separated short names or class names, `-default` only as the first of several"),
    // Browsers wait 3 s to 5 s by default. A spread over 1 s to 3 s is sooner, and gentler on the server.
    RETRY_MILLIS("retry-millis", 2_000, 0, 3_600_000),
    // 16 MiB: some ten thousand events of 1 kB, so that a short disconnect is resumed without asking Kafka.
    WINDOW_BYTES("window-bytes", 16L << 20, 65_536, 1L << 36),
    // Writing is bound by the processor; more than four threads are seldom needed to fill a network card.
    WRITER_THREADS(
            "writer-threads",
            "processors, at most 4",
            Math.min(Runtime.getRuntime().availableProcessors(), 4L),
            Values.range(1, 256),
            Values.rangeText(1, 256)),
    // Two, so that one long replay does not hold up every other.
    REPLAY_THREADS("replay-threads", 2, 1, 256),
    // What one container serves, at a few kB per connection, once the limit of open files has been raised.
    MAX_CONNECTIONS("max-connections", 10_000, 0, 10_000_000),
    // All windows but that of the default topics share 64 MiB by default. Then each still has some 650 KiB.
    MAX_FEEDS("max-feeds", 100, 1, 10_000),
    // Many people can share one address behind a proxy, so no limit.
    MAX_CONNECTIONS_PER_ADDRESS("max-connections-per-address", 0, 0, 10_000_000),
    // A stream has no natural end.
    MAX_CONNECTION_MILLIS("max-connection-millis", 0, 0, 2_592_000_000L),
    // Longer than a phone takes to change networks, and much shorter than TCP takes to give up on a dead peer.
    STALL_TIMEOUT_MILLIS("stall-timeout-millis", 60_000, 0, 86_400_000),
    // A name that no page listens to by accident.
    POSITION_EVENT(
            "position-event",
            "stream-position",
            "stream-position",
            Values::positionEvent,
            "an event name other than `message`, `open`, `error`, `stream-gap` and `stream-cut`, or `none`"),
    ALLOWED_ORIGINS(
            "allowed-origins",
            "none",
            AllowedOrigins.NONE,
            AllowedOrigins::parse,
            "comma separated scheme://host or scheme://host:port, or `*` alone"),
    // Requests from other origins carry no cookies unless an operator wants that.
    ALLOW_CREDENTIALS("allow-credentials", false),
    ALLOWED_HEADERS("allowed-headers", "none", List.of(), Values::headers, "comma separated names of headers"),
    // As in kafka-sse-clj. The size of expressions is bounded.
    CLIENT_FILTERS(
            "client-filters", "regex", ClientFilters.REGEX, Values::clientFilters, "`regex`, `literal` or `none`"),
    // More than one page shows. Each combination of topics costs a feed.
    MAX_TOPICS_PER_REQUEST("max-topics-per-request", 10, 1, 100),
    // Most applications have no users.
    MAX_CONNECTIONS_PER_USER("max-connections-per-user", 0, 0, 10_000_000),
    // 64 MiB: half of it keeps the segments of some five hundred clients that read slowly.
    REPLAY_BYTES("replay-bytes", 64L << 20, 65_536, 1L << 36),
    TOPIC_ROLES(
            "topic-roles",
            "none",
            TopicRoleList.NONE,
            TopicRoleList::parse,
            "comma separated TOPIC=ROLE, TOPIC as in `allowed-topics`"),
    // A user who has logged out gets no more events.
    END_WITH_SESSION("end-with-session", true),
    // Soon enough for a person, seldom enough for thousands of streams.
    RECHECK_MILLIS("recheck-millis", 5_000, 10, 3_600_000),
    // Text shrinks to a fraction of its size.
    COMPRESSION("compression", "gzip", Compression.GZIP, Values::compression, "`gzip` or `none`"),
    ENV_PREFIX(
            "env-prefix",
            Environment.USUAL_PREFIX,
            Environment.USUAL_PREFIX,
            Values::envPrefix,
            "letters, digits and underscores, not beginning with a digit");

    private final String initParam;
    private final String defaultText;
    private final Object defaultValue;
    private final Function<String, Object> parser;
    private final String allowed;

    Setting(
            String initParam,
            String defaultText,
            Object defaultValue,
            Function<String, Object> parser,
            String allowed) {
        this.initParam = initParam;
        this.defaultText = defaultText;
        this.defaultValue = defaultValue;
        this.parser = parser;
        this.allowed = allowed;
    }

    Setting(String initParam, long defaultValue, long least, long most) {
        this(
                initParam,
                Long.toString(defaultValue),
                defaultValue,
                Values.range(least, most),
                Values.rangeText(least, most));
    }

    Setting(String initParam, boolean defaultValue) {
        this(initParam, Boolean.toString(defaultValue), defaultValue, Values::flag, "`true` or `false`");
    }

    String initParam() {
        return initParam;
    }

    /** The name of its environment variable, which begins with a prefix. */
    String variable(String prefix) {
        return prefix + initParam.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    String defaultText() {
        return defaultText;
    }

    Object defaultValue() {
        return defaultValue;
    }

    String allowed() {
        return allowed;
    }

    /**
     * The typed value of this text.
     *
     * @throws IllegalArgumentException if the text is not allowed; the message says why
     */
    Object parse(String text) {
        return parser.apply(text);
    }
}
