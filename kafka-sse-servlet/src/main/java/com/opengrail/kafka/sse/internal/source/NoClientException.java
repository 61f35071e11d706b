package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.log.RootCause;
import com.opengrail.kafka.sse.internal.log.Secrets;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;

/**
 * A client of Kafka or its deserializers cannot be made. The settings are wrong, or something is away that they name: a
 * file, a host, a server that gives tokens. Neither it nor its causes say what may be a part of a password.
 */
public final class NoClientException extends KafkaException {
    private static final long serialVersionUID = 1L;

    /** What Kafka quotes of itself where there is no JAAS configuration. An operator has to know it. */
    private static final String OF_KAFKA =
            "'KafkaClient' entry in the JAAS config|'java\\.security\\.auth\\.login\\.config' is ";

    private static final Pattern QUOTED = Pattern.compile("(?<!\\w)(?!" + OF_KAFKA + ")'[^']*'?|\"[^\"]*\"?");

    public NoClientException(KafkaException cause) {
        this(cause, UnaryOperator.identity());
    }

    /** A failure of which more has to be hidden. */
    NoClientException(KafkaException cause, UnaryOperator<String> hiding) {
        super(
                "Cannot make a client of Kafka: " + withoutSecrets(RootCause.firstLine(cause), hiding),
                Secrets.hideIn(cause, text -> withoutQuotes(text, hiding)));
    }

    /** The same failure for somebody else. */
    NoClientException(NoClientException before) {
        super(before.getMessage(), before.getCause());
    }

    private static String withoutSecrets(String text, UnaryOperator<String> hiding) {
        return Secrets.hideIn(withoutQuotes(text, hiding));
    }

    /** Without what it quotes, which may be a part of a password. */
    private static String withoutQuotes(String text, UnaryOperator<String> hiding) {
        String known = Secrets.hideIn(hiding.apply(text));
        return QUOTED.matcher(known).replaceAll(Secrets.HIDDEN);
    }
}
