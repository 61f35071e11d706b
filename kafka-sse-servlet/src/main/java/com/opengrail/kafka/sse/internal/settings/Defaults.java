package com.opengrail.kafka.sse.internal.settings;

import com.opengrail.kafka.sse.internal.filter.ClientFilters;

/** The values of the settings that an operator does not give, each with its reason. */
final class Defaults {

    /** Where a broker on the same machine listens, as it comes out of the box. */
    static final String KAFKA_BROKER_URL = "localhost:9092";

    /** A poll returns as soon as there are records: this only bounds how late a tail sees that it has to stop. */
    static final long POLL_TIMEOUT_MILLIS = 100;

    /** About one poll of Kafka's own default (500 records), so that a replaying client is fed once per poll. */
    static final long BUFFER_SIZE = 512;

    /** Below the idle limits of common proxies (30 s to 60 s) with room, and soon enough to notice a dead client. */
    static final long KEEP_ALIVE_MILLIS = 5_000;

    /** Every event passes. */
    static final String EVENT_FILTER = ".*";

    /** What browsers wait by themselves is 3 s to 5 s; the spread over 1 s to 3 s is both sooner and gentler. */
    static final long RETRY_MILLIS = 2_000;

    /** 16 MiB: some ten thousand events of 1 kB, so that a short disconnect is resumed without asking Kafka. */
    static final long WINDOW_BYTES = 16L << 20;

    /** Writing is bound by the processor; more than four threads are seldom needed to fill a network card. */
    static final long WRITER_THREADS = Math.min(Runtime.getRuntime().availableProcessors(), 4);

    /** Two, so that one long replay does not hold up every other. */
    static final long REPLAY_THREADS = 2;

    /** What one container serves with default file limits raised, at a few kB per connection. */
    static final long MAX_CONNECTIONS = 10_000;

    /** With windows of 16 MiB this bounds memory at 1.6 GiB in the worst case. */
    static final long MAX_FEEDS = 100;

    /** Many people can share one address behind a proxy, so no limit. */
    static final long MAX_CONNECTIONS_PER_ADDRESS = 0;

    /** A stream has no natural end. */
    static final long MAX_CONNECTION_MILLIS = 0;

    /** Longer than a phone takes to change networks, shorter than a dead peer keeps its socket without it. */
    static final long STALL_TIMEOUT_MILLIS = 60_000;

    /** A name that no page listens to by accident. */
    static final String POSITION_EVENT = "stream-position";

    /** A page of another origin sees nothing of its user's cookies unless somebody wants that. */
    static final boolean ALLOW_CREDENTIALS = false;

    /** As it has always been; they are bounded. */
    static final ClientFilters CLIENT_FILTERS = ClientFilters.REGEX;

    /** More than a page shows; each combination of topics costs a feed. */
    static final long MAX_TOPICS_PER_REQUEST = 10;

    /** Most applications have no users. */
    static final long MAX_CONNECTIONS_PER_USER = 0;

    /** 64 MiB: the unwritten events of some thousand clients that read slowly. */
    static final long REPLAY_BYTES = 64L << 20;

    /** Who has logged out sees no more. */
    static final boolean END_WITH_SESSION = true;

    /** Soon enough for a person, seldom enough for thousands of streams. */
    static final long RECHECK_MILLIS = 5_000;

    /** Events of text shrink to a fraction. */
    static final String COMPRESSION = "gzip";

    /** Uncommitted records may be taken back, and an event cannot be. */
    static final String ISOLATION_LEVEL = "read_committed";

    /** Partitions added while a client is connected are seen within half a minute instead of Kafka's five. */
    static final String METADATA_MAX_AGE_MS = "30000";

    private Defaults() {}
}
