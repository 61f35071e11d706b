package com.opengrail.kafka.sse.internal.source;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The bootstrap server that a client starts from where it logs in. A client that is refused tries all that it was told, and
 * writes five lines to the log for each.
 *
 * <p>Threads: not safe.
 */
final class FirstServer {
    /** It takes half a second for each address to find that it does not answer. */
    private static final int MOST_TRIED = 3;

    private final Predicate<String> accepts;
    private int index;

    /**
     * Begins anywhere.
     *
     * @param index of the server to be tried first, not negative
     * @param accepts whether one accepts connections
     */
    FirstServer(int index, Predicate<String> accepts) {
        this.index = index;
        this.accepts = accepts;
    }

    /** Another one at each call that accepts connections, if there are several and one is found soon. */
    Optional<String> next(List<String> servers) {
        if (servers.size() < 2) {
            return Optional.empty();
        }
        for (int tried = 0; tried < Math.min(MOST_TRIED, servers.size()); tried++) {
            index = (index + 1) % servers.size();
            if (accepts.test(servers.get(index))) {
                return Optional.of(servers.get(index));
            }
        }
        return Optional.empty();
    }
}
