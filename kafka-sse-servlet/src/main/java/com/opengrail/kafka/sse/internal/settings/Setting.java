package com.opengrail.kafka.sse.internal.settings;

import com.opengrail.kafka.sse.internal.filter.ClientFilters;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.mapper.MapperList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The settings, each with its init-param, its default, its parser, what is allowed and what it means. A comment gives the
 * reason for a default.
 */
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
    // Where a broker on the same machine listens by default.
    KAFKA_BROKER_URL(
            "kafka-broker-url",
            "localhost:9092",
            List.of("localhost:9092"),
            Values::brokers,
            "comma separated host:port",
            "bootstrap brokers"),
    // A poll returns as soon as there are records. This only bounds how late a tail notices other work.
    POLL_TIMEOUT_MILLIS("poll-timeout-millis", 100, 1, 60_000, "longest wait of one poll on Kafka"),
    // About one poll of Kafka's default size (500 records).
    BUFFER_SIZE(
            "buffer-size",
            512,
            1,
            1_000_000,
            "most events waiting for one client that is fed from Kafka rather than from the window"),
    // Below the idle limits of common proxies (30 s to 60 s) with room, and soon enough to notice a dead client.
    KEEP_ALIVE_MILLIS(
            "keep-alive-millis", 5_000, 0, 3_600_000, "a connection silent for this long gets a keep-alive; 0: none"),
    EVENT_FILTER(
            "event-filter",
            ".*",
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
    // Browsers wait 3 s to 5 s by default. A spread over 1 s to 3 s is sooner, and gentler on the server.
    RETRY_MILLIS(
            "retry-millis",
            2_000,
            0,
            3_600_000,
            "reconnection time given to clients, spread over 50 % to 150 % of it; 0: none is given"),
    // 16 MiB: some ten thousand events of 1 kB, so that a short disconnect is resumed without asking Kafka.
    WINDOW_BYTES(
            "window-bytes",
            16L << 20,
            65_536,
            1L << 36,
            "most memory for recent encoded events of one feed (one combination of topics)"),
    // Writing is bound by the processor; more than four threads are seldom needed to fill a network card.
    WRITER_THREADS(
            "writer-threads",
            "processors, at most 4",
            Math.min(Runtime.getRuntime().availableProcessors(), 4L),
            Values.range(1, 256),
            Values.rangeText(1, 256),
            "threads that write to clients"),
    // Two, so that one long replay does not hold up every other.
    REPLAY_THREADS("replay-threads", 2, 1, 256, "threads, each with one consumer, that feed clients from Kafka"),
    // What one container serves, at a few kB per connection, once the limit of open files has been raised.
    MAX_CONNECTIONS("max-connections", 10_000, 0, 10_000_000, "concurrent streams of this servlet; 0: no limit"),
    // With windows of 16 MiB, at most 1.6 GiB of memory.
    MAX_FEEDS(
            "max-feeds",
            100,
            1,
            10_000,
            "different combinations of topics followed at once; each costs one consumer, one thread and one window"),
    // Many people can share one address behind a proxy, so no limit.
    MAX_CONNECTIONS_PER_ADDRESS(
            "max-connections-per-address", 0, 0, 10_000_000, "concurrent streams per remote address; 0: no limit"),
    // A stream has no natural end.
    MAX_CONNECTION_MILLIS(
            "max-connection-millis",
            0,
            0,
            2_592_000_000L,
            "a stream is ended after this long, spread like `retry-millis`; 0: never"),
    // Longer than a phone takes to change networks, and much shorter than TCP takes to give up on a dead peer.
    STALL_TIMEOUT_MILLIS(
            "stall-timeout-millis",
            60_000,
            0,
            86_400_000,
            "a client that takes no byte for this long although some wait for it is dropped; 0: never"),
    // A name that no page listens to by accident.
    POSITION_EVENT(
            "position-event",
            "stream-position",
            "stream-position",
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
    // Requests from other origins carry no cookies unless an operator wants that.
    ALLOW_CREDENTIALS(
            "allow-credentials",
            false,
            "pages of allowed origins may send cookies (`Access-Control-Allow-Credentials`); not with"
                    + " `allowed-origins` = `*`"),
    ALLOWED_HEADERS(
            "allowed-headers",
            "none",
            List.of(),
            Values::headers,
            "comma separated names of headers",
            "request headers that a preflight allows besides `Last-Event-ID` and `Cache-Control`"),
    // As in kafka-sse-clj. The size of expressions is bounded.
    CLIENT_FILTERS(
            "client-filters",
            ClientFilters.REGEX.toString(),
            ClientFilters.REGEX,
            Values::clientFilters,
            "`regex`, `literal` or `none`",
            "what a request's filter may contain: `regex`: RE2 expressions; `literal`: names, a `*` at the end stands for"
                    + " anything; `none`: requests cannot filter"),
    // More than one page shows. Each combination of topics costs a feed.
    MAX_TOPICS_PER_REQUEST("max-topics-per-request", 10, 1, 100, "topics that one request may combine"),
    // Most applications have no users.
    MAX_CONNECTIONS_PER_USER(
            "max-connections-per-user",
            0,
            0,
            10_000_000,
            "concurrent streams of one user (`getUserPrincipal()`); 0: no limit"),
    // 64 MiB: the unwritten events of some thousand clients that read slowly.
    REPLAY_BYTES(
            "replay-bytes",
            64L << 20,
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
    // A user who has logged out gets no more events.
    END_WITH_SESSION("end-with-session", true, "a stream that was opened in a session ends with it"),
    // Soon enough for a person, seldom enough for thousands of streams.
    RECHECK_MILLIS(
            "recheck-millis",
            5_000,
            10,
            3_600_000,
            "how often roles, session and the check given in code are examined again while a stream lasts"),
    // Text shrinks to a fraction of its size.
    COMPRESSION(
            "compression",
            "gzip",
            "gzip",
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
