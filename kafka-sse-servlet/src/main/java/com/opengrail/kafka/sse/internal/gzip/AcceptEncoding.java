package com.opengrail.kafka.sse.internal.gzip;

import java.util.Locale;
import java.util.Set;

/** Reads the header {@code Accept-Encoding} (RFC 9110, 12.5.3) as far as it concerns gzip. */
public final class AcceptEncoding {
    private static final int MAX_CHARACTERS = 8192;
    private static final Set<String> GZIP = Set.of("gzip", "x-gzip");
    private static final Set<String> ANY = Set.of("*");

    /** A weight above 0 and at most 1, with at most three digits after the point. */
    private static final String ACCEPTED_WEIGHT = "0\\.(?!0{1,3}$)\\d{1,3}|1(\\.0{0,3})?";

    private enum Verdict {
        NOT_NAMED,
        ACCEPTED,
        REFUSED
    }

    private AcceptEncoding() {}

    /**
     * True if the client accepts gzip: by one of its two names, or else by an asterisk. Without the header, or with
     * weights that contradict each other or cannot be read, the stream is not compressed.
     *
     * @param header all lines of the header, joined by commas; empty if there is none
     */
    public static boolean takesGzip(String header) {
        if (header.length() > MAX_CHARACTERS) {
            return false;
        }
        String[] members = header.toLowerCase(Locale.ROOT).split(",");
        Verdict named = verdict(members, GZIP);
        return (named == Verdict.NOT_NAMED ? verdict(members, ANY) : named) == Verdict.ACCEPTED;
    }

    private static Verdict verdict(String[] members, Set<String> codings) {
        Verdict verdict = Verdict.NOT_NAMED;
        for (String member : members) {
            String[] parts = member.split(";", -1);
            if (codings.contains(parts[0].trim()) && verdict != Verdict.REFUSED) {
                verdict = isAccepted(parts) ? Verdict.ACCEPTED : Verdict.REFUSED;
            }
        }
        return verdict;
    }

    private static boolean isAccepted(String[] parts) {
        if (parts.length == 1) {
            return true;
        }
        String weight = parts[1].trim();
        return parts.length == 2
                && weight.startsWith("q=")
                && weight.substring(2).matches(ACCEPTED_WEIGHT);
    }
}
