package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.log.Secrets;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;

/**
 * A client of Kafka or its deserializers cannot be made. The settings are wrong, or something is away that they name: a
 * file, a host, a server that gives tokens.
 */
public final class NoClientException extends KafkaException {
    private static final long serialVersionUID = 1L;

    private static final int MOST_CAUSES = 100;

    public NoClientException(KafkaException cause) {
        super("Cannot make a client of Kafka: " + reason(root(cause)), cause);
    }

    /** The first line: log-in modules add stack traces. Without what it quotes, which may be a part of a password. */
    private static String reason(Throwable root) {
        String first = root.toString().lines().findFirst().orElse("");
        return Secrets.hideIn(first.replaceAll("'[^']*'?|\"[^\"]*\"?", Secrets.HIDDEN));
    }

    /** Kafka's own message says no more than that it failed. */
    private static Throwable root(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(MOST_CAUSES)
                .reduce(failure, (outer, inner) -> inner);
    }
}
