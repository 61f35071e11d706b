package com.opengrail.kafka.sse;

import java.util.List;

/**
 * The state of an engine at one moment. Only the engine makes these; later versions may add components.
 *
 * <pre>{@code
 * boolean ready = engine.health().isReady();
 * }</pre>
 *
 * @param name the name under which the engine is registered, else its own
 * @param state whether it serves clients
 * @param connections the open streams
 * @param feeds the combinations of topics that it follows
 */
public record EngineHealth(String name, State state, long connections, List<FeedHealth> feeds) {

    /** Whether an engine serves clients. */
    public enum State {
        /** It serves clients. */
        OPEN,
        /** A thread that it needs has ended; only a restart helps. */
        BROKEN,
        /** It is being closed, or is closed. */
        CLOSING
    }

    /**
     * A snapshot; the list is copied.
     *
     * @param name the name under which the engine is registered, else its own
     * @param state whether it serves clients
     * @param connections the open streams
     * @param feeds the combinations of topics that it follows
     */
    public EngineHealth {
        feeds = List.copyOf(feeds);
    }

    /** {@return false if only a restart helps, not for unreachable brokers or a shutdown: for a liveness probe} */
    public boolean isLive() {
        return state != State.BROKEN;
    }

    /** {@return true if the engine is open and not all of its feeds are failing: for a readiness probe} */
    public boolean isReady() {
        return state == State.OPEN
                && (feeds.isEmpty() || feeds.stream().anyMatch(feed -> feed.state() != FeedHealth.State.FAILING));
    }
}
