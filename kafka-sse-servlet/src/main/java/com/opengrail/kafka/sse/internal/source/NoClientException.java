package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.log.RootCause;
import com.opengrail.kafka.sse.internal.log.Secrets;
import org.apache.kafka.common.KafkaException;

/**
 * A client of Kafka or its deserializers cannot be made. The settings are wrong, or something is away that they name: a
 * file, a host, a server that gives tokens.
 */
public final class NoClientException extends KafkaException {
    private static final long serialVersionUID = 1L;

    public NoClientException(KafkaException cause) {
        super("Cannot make a client of Kafka: " + reason(cause), cause);
    }

    /** Without what it quotes, which may be a part of a password. */
    private static String reason(KafkaException cause) {
        String first = RootCause.firstLine(cause);
        return Secrets.hideIn(first.replaceAll("'[^']*'?|\"[^\"]*\"?", Secrets.HIDDEN));
    }
}
