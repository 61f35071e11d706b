package com.opengrail.kafka.sse.internal.source;

import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;

/**
 * A client of Kafka cannot be made. The settings are wrong, or something is away that they name: a file, a host, a server that
 * gives tokens.
 */
public final class NoClientException extends KafkaException {
    private static final long serialVersionUID = 1L;

    public NoClientException(KafkaException cause) {
        super("Cannot make a client of Kafka: " + root(cause), cause);
    }

    /** Kafka's own message says no more than that it failed. */
    private static Throwable root(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).reduce(failure, (outer, inner) -> inner);
    }
}
