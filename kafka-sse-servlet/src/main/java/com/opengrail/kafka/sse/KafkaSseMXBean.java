package com.opengrail.kafka.sse;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Map;
import javax.management.DescriptorKey;

/**
 * The metrics of an engine, for operators: by JMX, or through {@link KafkaSse#metrics()}.
 *
 * <pre>{@code
 * long lag = engine.metrics().getFeeds().values().stream()
 *         .mapToLong(KafkaSseMXBean.Feed::getLagRecords)
 *         .sum();
 * }</pre>
 *
 * <p>Counters count from the engine's start and never decrease. The values of one reading need not belong to the same
 * moment.
 *
 * <p>Threads: safe; reading costs the streams nothing. The numbers of connections by state examine every connection.
 */
public interface KafkaSseMXBean {

    /** The meaning and the unit of an attribute, as JMX shows them. */
    @Documented
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface Description {
        /** {@return what the attribute means: a sentence} */
        @DescriptorKey("description")
        String value();

        /** {@return the unit of the attribute, in the plural} */
        @DescriptorKey("units")
        String unit();
    }

    /** {@return the open streams: the sum of the three numbers by state} */
    @Description(value = "Open streams", unit = "connections")
    long getConnections();

    /** {@return the open streams that are served from memory} */
    @Description(value = "Open streams that are served from the window of recent events", unit = "connections")
    long getLiveConnections();

    /** {@return the open streams that are served from Kafka, since they are behind the window} */
    @Description(
            value = "Open streams that are behind the window of recent events and served from Kafka",
            unit = "connections")
    long getReplayingConnections();

    /** {@return the open streams that wait for their first position: for the brokers to answer} */
    @Description(value = "Open streams that wait for the start positions from the brokers", unit = "connections")
    long getOpeningConnections();

    /**
     * {@return the events written to clients since the start, gap events included; keep-alives and position blocks are
     * none}
     */
    @Description(
            value = "Events written to clients since the start, gap events included; an event that is written to"
                    + " a hundred clients counts a hundred times",
            unit = "events")
    long getEventsSent();

    /**
     * {@return the bytes written to clients since the start, after compression by this library, and before chunking and
     * encryption by the container}
     */
    @Description(
            value =
                    "Bytes of streams written to clients since the start, before chunking and encryption by the container",
            unit = "bytes")
    long getBytesSent();

    /** {@return how old records were when their events were written: current values} */
    @Description(
            value = "The time from a record's timestamp to the write of its event, of live events: p50Millis, p99Millis"
                    + " and maxMillis of the last one to two minutes (-1 if there were none), events, totalMillis and"
                    + " eventsBelowMillis (by a bound in milliseconds) since the start",
            unit = "milliseconds")
    StreamLatency getLatency();

    /** {@return the records read at the end of the log since the start, once for all clients of the same topics} */
    @Description(
            value = "Records read from Kafka at the end of the log since the start, once for all clients of a feed",
            unit = "records")
    long getTailRecordsRead();

    /**
     * {@return the records read since the start for clients that were behind the window} Several clients may share what
     * is read.
     */
    @Description(
            value = "Records read from Kafka since the start for clients that were behind the window of recent events",
            unit = "records")
    long getReplayRecordsRead();

    /**
     * {@return the records skipped since the start because they could not be deserialized or mapped; one that is read
     * again counts again}
     */
    @Description(
            value = "Records skipped since the start because no event could be made of them; one that is read again"
                    + " for a replay counts again",
            unit = "records")
    long getMappingErrors();

    /**
     * {@return the gaps found since the start: records that should have been streamed and are gone from Kafka} A gap at
     * the end of the log counts once for all clients. A gap that a client meets when it resumes or replays counts once
     * for that client.
     */
    @Description(
            value =
                    "Gaps found since the start: records that were to be streamed and are gone from Kafka. One at the"
                            + " end of the log counts once for all clients, one that a client resumes into once for that client",
            unit = "gaps")
    long getGaps();

    /**
     * {@return the requests since the start that got no stream, by reason} The keys {@code max-connections},
     * {@code max-connections-per-address}, {@code max-connections-per-user} and {@code max-feeds} count requests over
     * that limit. The key {@code closing} counts requests that came while the engine was being closed. The other keys
     * are the statuses of the answers ({@code 400}, {@code 403}, {@code 404}, {@code 405}, {@code 406}, {@code 500}).
     * All keys are always present.
     */
    @Description(
            value = "Requests since the start that got no stream, by reason: the setting that limits, or the status"
                    + " that was answered",
            unit = "requests")
    Map<String, Long> getRefused();

    /**
     * {@return the failures of feeds since the start, including feeds that have ended} A failed attempt to follow
     * topics, an error while following them, and brokers that fall silent count as one failure each.
     */
    @Description(
            value = "Failures to follow topics since the start, those of feeds that have ended included",
            unit = "failures")
    long getFeedFailures();

    /** {@return the failures since the start of the threads that read older records} */
    @Description(value = "Failures since the start to read older records", unit = "failures")
    long getReplayFailures();

    /**
     * {@return the failures of the threads that read older records, since one of them last succeeded; 0 when all is
     * well} If the clients have gone, nothing is tried again. Then the number stays until the next client needs older
     * records.
     */
    @Description(
            value = "Failures to read older records since it last succeeded; 0 when all is well",
            unit = "failures")
    long getReplayConsecutiveFailures();

    /**
     * {@return the text of the last failure of a thread that reads older records, or an empty string if there was none}
     */
    @Description(value = "The last failure to read older records, or empty if there was none", unit = "text")
    String getLastReplayError();

    /**
     * {@return the feeds by their topics, comma separated: a snapshot of the set of feeds; each feed shows current
     * values}
     */
    @Description(
            value = "The combinations of topics that are followed now, by their names: state (starting, following or"
                    + " failing), clients, windowEvents and windowBytes (memory for recent events), lagRecords (behind the"
                    + " log end, -1 if not known), lastAnswerAgeMillis (since the brokers last answered, -1 if never),"
                    + " failures (since the feed started), consecutiveFailures (0 when all is well), lastError,"
                    + " unstableRecords (from the last stable offset to the high watermark, -1 if not known),"
                    + " failingPartitions (that cannot be read for now),"
                    + " throttled (the brokers hold back answers because of a quota)",
            unit = "feeds")
    Map<String, Feed> getFeeds();

    /** {@return the open streams: a snapshot} Each reading examines every stream. */
    @Description(
            value = "The open streams: user (empty if nobody has logged in), address, topics, since (ISO-8601),"
                    + " events (written to it), state (opening, replaying or live)",
            unit = "streams")
    List<OpenStream> getStreams();

    /**
     * Ends the open streams of a user, each with its position. Their clients reconnect: revoke the log-in first.
     *
     * @param user the name of the user, as {@code getUserPrincipal().getName()} gives it
     * @return how many streams were told to end
     */
    int endStreamsOfUser(String user);

    /** One open stream. */
    interface OpenStream {

        /** {@return the name of the user who opened it; an empty string if nobody had logged in} */
        String getUser();

        /** {@return the remote address of its client} */
        String getAddress();

        /** {@return the names of its topics, comma separated} */
        String getTopics();

        /** {@return the instant when it was opened (ISO-8601)} */
        String getSince();

        /** {@return the events written to it, gap events included} */
        long getEvents();

        /** {@return where its events come from: {@code opening}, {@code replaying} or {@code live}} */
        String getState();
    }

    /** One combination of topics that is followed for all clients that ask for it. */
    interface Feed {

        /**
         * {@return what the feed does now: {@code starting} until it follows for the first time, {@code following}, or
         * {@code failing} while it tries again after a failure or the brokers are silent}
         */
        String getState();

        /** {@return the clients that take part in the feed} */
        long getClients();

        /** {@return the events in the window; a record of which no event was made counts as one} */
        long getWindowEvents();

        /** {@return the memory that the window occupies, in bytes} */
        long getWindowBytes();

        /**
         * {@return how many records the feed is behind the end of the log, all partitions together, as of its last
         * answered poll; -1 as long as it is not known, and while a broker does not answer}
         */
        long getLagRecords();

        /**
         * {@return how many milliseconds ago the brokers last answered the feed; -1 if they have not answered yet} On a
         * topic where nothing happens they answer every {@code fetch.max.wait.ms} (500 ms unless set).
         */
        long getLastAnswerAgeMillis();

        /** {@return the failures of this feed since it started} */
        long getFailures();

        /** {@return the failures since the brokers last answered; 0 when all is well} */
        long getConsecutiveFailures();

        /** {@return the text of the last failure, or an empty string if there was none} */
        String getLastError();

        /**
         * {@return the records between the last stable offset and the high watermark of all partitions; -1 while that
         * is not known} These are the records of open transactions and all records after them. They are not streamed
         * yet. A transaction that hangs shows as a number that does not fall. The engine asks for it every 30 seconds.
         */
        long getUnstableRecords();

        /**
         * {@return the partitions that cannot be read for now: names such as {@code orders-3}, or {@code orders-*} for
         * all of a topic, separated by commas; empty when all is well} The cause may be a corrupt batch, or that they have
         * no leader or one that does not answer, or that one of several topics does not exist or may not be read. They are
         * tried again; the others flow.
         */
        String getFailingPartitions();

        /**
         * {@return true if the brokers have held back answers in the last minute, because the client has used up a
         * quota} That is no failure. Events come late, and {@code lastAnswerAgeMillis} may exceed ten seconds.
         */
        boolean isThrottled();
    }
}
