package com.opengrail.kafka.sse.internal.settings;

import com.opengrail.kafka.sse.internal.filter.ClientFilters;

/** The default values of the settings, each with its reason. */
final class Defaults {

    /** Where a broker on the same machine listens by default. */
    static final String KAFKA_BROKER_URL = "localhost:9092";

    /** A poll returns as soon as there are records. This only bounds how late a tail notices other work. */
    static final long POLL_TIMEOUT_MILLIS = 100;

    /** About one poll of Kafka's default size (500 records). */
    static final long BUFFER_SIZE = 512;

    /** Below the idle limits of common proxies (30 s to 60 s) with room, and soon enough to notice a dead client. */
    static final long KEEP_ALIVE_MILLIS = 5_000;

    /** Every event passes. */
    static final String EVENT_FILTER = ".*";

    /** Browsers wait 3 s to 5 s by default. A spread over 1 s to 3 s is sooner, and gentler on the server. */
    static final long RETRY_MILLIS = 2_000;

    /** 16 MiB: some ten thousand events of 1 kB, so that a short disconnect is resumed without asking Kafka. */
    static final long WINDOW_BYTES = 16L << 20;

    /** Writing is bound by the processor; more than four threads are seldom needed to fill a network card. */
    static final long WRITER_THREADS = Math.min(Runtime.getRuntime().availableProcessors(), 4);

    /** Two, so that one long replay does not hold up every other. */
    static final long REPLAY_THREADS = 2;

    /** What one container serves, at a few kB per connection, once the limit of open files has been raised. */
    static final long MAX_CONNECTIONS = 10_000;

    /** With windows of 16 MiB, at most 1.6 GiB of memory. */
    static final long MAX_FEEDS = 100;

    /** Many people can share one address behind a proxy, so no limit. */
    static final long MAX_CONNECTIONS_PER_ADDRESS = 0;

    /** A stream has no natural end. */
    static final long MAX_CONNECTION_MILLIS = 0;

    /** Longer than a phone takes to change networks, and much shorter than TCP takes to give up on a dead peer. */
    static final long STALL_TIMEOUT_MILLIS = 60_000;

    /** A name that no page listens to by accident. */
    static final String POSITION_EVENT = "stream-position";

    /** Requests from other origins carry no cookies unless an operator wants that. */
    static final boolean ALLOW_CREDENTIALS = false;

    /** As in kafka-sse-clj. The size of expressions is bounded. */
    static final ClientFilters CLIENT_FILTERS = ClientFilters.REGEX;

    /** More than one page shows. Each combination of topics costs a feed. */
    static final long MAX_TOPICS_PER_REQUEST = 10;

    /** Most applications have no users. */
    static final long MAX_CONNECTIONS_PER_USER = 0;

    /** 64 MiB: the unwritten events of some thousand clients that read slowly. */
    static final long REPLAY_BYTES = 64L << 20;

    /** A user who has logged out gets no more events. */
    static final boolean END_WITH_SESSION = true;

    /** Soon enough for a person, seldom enough for thousands of streams. */
    static final long RECHECK_MILLIS = 5_000;

    /** Text shrinks to a fraction of its size. */
    static final String COMPRESSION = "gzip";

    /** A transaction may be aborted, but an event that was sent cannot be recalled. */
    static final String ISOLATION_LEVEL = "read_committed";

    /** Added partitions are noticed within half a minute; with Kafka's default it would be five minutes. */
    static final String METADATA_MAX_AGE_MS = "30000";

    private Defaults() {}
}
