package com.opengrail.kafka.sse;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One open stream at one moment. Only the engine makes these; later versions may add components.
 *
 * <pre>{@code
 * for (StreamInfo stream : engine.streams()) {
 *     log.info("{} reads {} since {}", stream.user().orElse("anybody"), stream.topics(), stream.since());
 * }
 * }</pre>
 *
 * @param user the name of the user who opened it; empty if nobody had logged in
 * @param address the remote address
 * @param topics the names of the topics
 * @param since the time when it was opened
 * @param events the events that were written to it, gap events included
 * @param state where its events come from
 */
public record StreamInfo(
        Optional<String> user, String address, List<String> topics, Instant since, long events, State state) {

    /** Where the events of a stream come from. */
    public enum State {
        /** From nowhere yet: the start position is not known. */
        OPENING,
        /** From Kafka: it is behind the window of recent events. */
        REPLAYING,
        /** From the window of recent events. */
        LIVE
    }

    /**
     * A snapshot; the list is copied.
     *
     * @param user the name of the user who opened it; empty if nobody had logged in
     * @param address the remote address
     * @param topics the names of the topics
     * @param since the time when it was opened
     * @param events the events that were written to it, gap events included
     * @param state where its events come from
     */
    public StreamInfo {
        topics = List.copyOf(topics);
    }
}
