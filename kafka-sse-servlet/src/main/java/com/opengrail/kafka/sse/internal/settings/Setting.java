package com.opengrail.kafka.sse.internal.settings;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.mapper.MapperList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The settings, each with its init-param, its default, its parser, what is allowed and what it means. */
enum Setting {
    TOPIC(
            "topic",
            "none",
            List.of(),
            Values::topics,
            "comma separated topic names",
            "topic streamed when a request names none; a comma separated list is one merged stream"),
    ALLOWED_TOPICS(
            "allowed-topics",
            "the value of `topic`",
            AllowedTopics.none(),
            AllowedTopics::parse,
            "comma separated topic names or RE2 expressions",
            "topics that a request may name besides `topic`; an expression has to match the whole name; an element that"
                    + " is a valid topic name is taken literally, dots included"),
    KAFKA_BROKER_URL(
            "kafka-broker-url",
            Defaults.KAFKA_BROKER_URL,
            List.of(Defaults.KAFKA_BROKER_URL),
            Values::brokers,
            "comma separated host:port",
            "bootstrap brokers"),
    POLL_TIMEOUT_MILLIS(
            "poll-timeout-millis", Defaults.POLL_TIMEOUT_MILLIS, 1, 60_000, "longest wait of one poll on Kafka"),
    BUFFER_SIZE(
            "buffer-size",
            Defaults.BUFFER_SIZE,
            1,
            1_000_000,
            "most events waiting for one client that is fed from Kafka rather than from the window"),
    KEEP_ALIVE_MILLIS(
            "keep-alive-millis",
            Defaults.KEEP_ALIVE_MILLIS,
            0,
            3_600_000,
            "a connection silent for this long gets a keep-alive; 0: none"),
    EVENT_FILTER(
            "event-filter",
            Defaults.EVENT_FILTER,
            EventFilter.all(),
            EventFilter::parse,
            "comma separated RE2 expressions",
            "events that are streamed at all: one expression has to match the whole event name"),
    EVENT_MAPPERS(
            "event-mappers",
            "none",
            MapperList.DEFAULT,
            Values::mappers,
            "comma separated short names or class names, `-default` only as the first of several",
            "mappers appended to the default mapper, in order: those of docs/mappers.md by their short names, and"
                    + " `SseEventMapper`s by class name; `-default` leaves the default mapper out"),
    RETRY_MILLIS(
            "retry-millis",
            Defaults.RETRY_MILLIS,
            0,
            3_600_000,
            "reconnection time given to clients, spread over 50 % to 150 % of it; 0: none is given"),
    WINDOW_BYTES(
            "window-bytes",
            Defaults.WINDOW_BYTES,
            65_536,
            1L << 36,
            "most memory for recent encoded events of one feed (one combination of topics)"),
    WRITER_THREADS(
            "writer-threads",
            "processors, at most 4",
            Defaults.WRITER_THREADS,
            Values.range(1, 256),
            Values.rangeText(1, 256),
            "threads that write to clients"),
    REPLAY_THREADS(
            "replay-threads",
            Defaults.REPLAY_THREADS,
            1,
            256,
            "threads, each with one consumer, that feed clients from Kafka"),
    MAX_CONNECTIONS(
            "max-connections",
            Defaults.MAX_CONNECTIONS,
            0,
            10_000_000,
            "concurrent streams of this servlet; 0: no limit"),
    MAX_FEEDS(
            "max-feeds",
            Defaults.MAX_FEEDS,
            1,
            10_000,
            "different combinations of topics followed at once; each costs one consumer, one thread and one window"),
    MAX_CONNECTIONS_PER_ADDRESS(
            "max-connections-per-address",
            Defaults.MAX_CONNECTIONS_PER_ADDRESS,
            0,
            10_000_000,
            "concurrent streams per remote address; 0: no limit"),
    MAX_CONNECTION_MILLIS(
            "max-connection-millis",
            Defaults.MAX_CONNECTION_MILLIS,
            0,
            2_592_000_000L,
            "a stream is ended after this long, spread like `retry-millis`; 0: never"),
    STALL_TIMEOUT_MILLIS(
            "stall-timeout-millis",
            Defaults.STALL_TIMEOUT_MILLIS,
            0,
            86_400_000,
            "a client that takes no byte for this long although some wait for it is dropped; 0: never"),
    POSITION_EVENT(
            "position-event",
            Defaults.POSITION_EVENT,
            Defaults.POSITION_EVENT,
            Values::positionEvent,
            "an event name other than `message`, `open`, `error`, `stream-gap` and `stream-cut`, or `none`",
            "name of the position block's event; `none`: an id line alone"),
    ALLOWED_ORIGINS(
            "allowed-origins",
            "none",
            AllowedOrigins.none(),
            AllowedOrigins::parse,
            "comma separated scheme://host or scheme://host:port, or `*` alone",
            "origins whose pages may read streams (`Access-Control-Allow-Origin`)"),
    ALLOW_CREDENTIALS(
            "allow-credentials",
            Defaults.ALLOW_CREDENTIALS,
            "pages of allowed origins may send cookies (`Access-Control-Allow-Credentials`); not with"
                    + " `allowed-origins` = `*`"),
    ALLOWED_HEADERS(
            "allowed-headers",
            "none",
            List.of(),
            Values::headers,
            "comma separated names of headers",
            "request headers that a preflight allows besides `Last-Event-ID` and `Cache-Control`"),
    CLIENT_FILTERS(
            "client-filters",
            Defaults.CLIENT_FILTERS.toString(),
            Defaults.CLIENT_FILTERS,
            Values::clientFilters,
            "`regex`, `literal` or `none`",
            "what a request's filter may contain: `regex`: RE2 expressions; `literal`: names, a `*` at the end stands for"
                    + " anything; `none`: requests cannot filter"),
    MAX_TOPICS_PER_REQUEST(
            "max-topics-per-request", Defaults.MAX_TOPICS_PER_REQUEST, 1, 100, "topics that one request may combine"),
    MAX_CONNECTIONS_PER_USER(
            "max-connections-per-user",
            Defaults.MAX_CONNECTIONS_PER_USER,
            0,
            10_000_000,
            "concurrent streams of one user (`getUserPrincipal()`); 0: no limit"),
    REPLAY_BYTES(
            "replay-bytes",
            Defaults.REPLAY_BYTES,
            65_536,
            1L << 36,
            "most memory of everything held for clients that are fed from Kafka, all together"),
    TOPIC_ROLES(
            "topic-roles",
            "none",
            TopicRoleList.none(),
            TopicRoleList::parse,
            "comma separated TOPIC=ROLE, TOPIC as in `allowed-topics`",
            "a topic that is named here is streamed only to users with one of its roles, however the request names it;"
                    + " `**`: any authenticated user"),
    END_WITH_SESSION(
            "end-with-session", Defaults.END_WITH_SESSION, "a stream that was opened in a session ends with it"),
    RECHECK_MILLIS(
            "recheck-millis",
            Defaults.RECHECK_MILLIS,
            10,
            3_600_000,
            "how often roles, session and the check given in code are examined again while a stream lasts"),
    COMPRESSION(
            "compression",
            Defaults.COMPRESSION,
            Defaults.COMPRESSION,
            Values::compression,
            "`gzip` or `none`",
            "`gzip`: clients that accept it get the stream compressed"),
    ENV_PREFIX(
            "env-prefix",
            Environment.USUAL_PREFIX,
            Environment.USUAL_PREFIX,
            Values::envPrefix,
            "letters, digits and underscores, not beginning with a digit",
            "init-param only: what this servlet's variables begin with");

    private final String initParam;
    private final String defaultText;
    private final Object defaultValue;
    private final Function<String, Object> parser;
    private final String allowed;
    private final String meaning;

    Setting(
            String initParam,
            String defaultText,
            Object defaultValue,
            Function<String, Object> parser,
            String allowed,
            String meaning) {
        this.initParam = initParam;
        this.defaultText = defaultText;
        this.defaultValue = defaultValue;
        this.parser = parser;
        this.allowed = allowed;
        this.meaning = meaning;
    }

    Setting(String initParam, long defaultValue, long least, long most, String meaning) {
        this(
                initParam,
                Long.toString(defaultValue),
                defaultValue,
                Values.range(least, most),
                Values.rangeText(least, most),
                meaning);
    }

    Setting(String initParam, boolean defaultValue, String meaning) {
        this(initParam, Boolean.toString(defaultValue), defaultValue, Values::flag, "`true` or `false`", meaning);
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

    String meaning() {
        return meaning;
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
