package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.position.Start;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** The parameter {@code since}: an instant in ISO-8601, or milliseconds since the epoch. */
final class StartSince {
    private static final int MAX_CHARACTERS = 64;

    private StartSince() {}

    static Start parse(String since) throws Rejection {
        try {
            if (since.length() <= MAX_CHARACTERS) {
                return new Start.Since(
                        since.matches("[0-9]{1,18}")
                                ? Instant.ofEpochMilli(Long.parseLong(since))
                                : notBeforeEpoch(OffsetDateTime.parse(since).toInstant()));
            }
        } catch (DateTimeException e) {
            throw malformed(since);
        }
        throw malformed(since);
    }

    /** No record is older than the epoch, so that nothing is lost by starting there. */
    private static Instant notBeforeEpoch(Instant instant) {
        return instant.isBefore(Instant.EPOCH) ? Instant.EPOCH : instant;
    }

    private static Rejection malformed(String since) {
        return Rejection.badRequest("since " + Rejection.quote(since)
                + " is neither an ISO-8601 instant such as 2026-11-23T10:15:30Z nor milliseconds since the epoch");
    }
}
