package com.opengrail.kafka.sse.internal.log;

import java.util.Objects;
import java.util.stream.Stream;

/** What a failure comes of. Kafka's own message often says no more than that something failed. */
public final class RootCause {
    private static final int MOST_CAUSES = 100;

    private RootCause() {}

    /** The first line of what the failure comes of, which may be the failure itself: log-in modules add stack traces. */
    public static String firstLine(Throwable failure) {
        return MaskedFailure.textOf(of(failure)).lines().findFirst().orElse("");
    }

    /** The failure as it may be logged in one message, and what it comes of where that says more. Without secrets. */
    public static String describe(Throwable failure) {
        String text = Secrets.hideIn(MaskedFailure.textOf(failure));
        String reason = of(failure) == failure ? text : Secrets.hideIn(firstLine(failure));
        return text.contains(reason) ? text : text + " (" + reason + ")";
    }

    private static Throwable of(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(MOST_CAUSES)
                .reduce(failure, (outer, inner) -> inner);
    }
}
