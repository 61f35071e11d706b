package com.opengrail.kafka.sse.internal.source;

import java.util.List;
import java.util.function.Predicate;

/**
 * The bootstrap server that a client starts from where it logs in. A client that is refused tries all that it was told, and
 * writes five lines to the log for each.
 *
 * <p>Threads: safe.
 */
final class FirstServer {
    /** It takes half a second to find that one does not answer. */
    private static final int MOST_TRIED = 3;

    private final List<String> servers;
    private final Predicate<String> accepts;

    /** Guarded by this. */
    private int index;

    /**
     * One of some servers.
     *
     * @param index of the first to be tried
     * @param accepts whether one accepts connections
     */
    FirstServer(List<String> servers, int index, Predicate<String> accepts) {
        this.servers = servers;
        this.index = index;
        this.accepts = accepts;
    }

    /** Another one at each call that accepts connections; all of them, separated by commas, if none was found. */
    synchronized String next() {
        for (int tried = 0; tried < Math.min(MOST_TRIED, servers.size()); tried++) {
            String server = servers.get(index);
            index = (index + 1) % servers.size();
            if (accepts.test(server)) {
                return server;
            }
        }
        return String.join(",", servers);
    }
}
