package com.opengrail.kafka.sse.internal.log;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** What is logged in place of a failure whose text has a secret: the rest of its text, its stack trace and its causes. */
final class MaskedFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private MaskedFailure(Throwable original, Set<Throwable> seen) {
        super(Secrets.hideIn(String.valueOf(original)), of(original.getCause(), seen));
        setStackTrace(original.getStackTrace());
        for (Throwable suppressed : original.getSuppressed()) {
            if (seen.add(suppressed)) {
                addSuppressed(new MaskedFailure(suppressed, seen));
            }
        }
    }

    /** A failure as it may be logged: the same where nothing has to be hidden. */
    static Throwable of(Throwable original) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable masked = of(original, seen);
        boolean isClean = seen.stream().map(String::valueOf).allMatch(text -> text.equals(Secrets.hideIn(text)));
        return isClean ? original : masked;
    }

    private static Throwable of(Throwable original, Set<Throwable> seen) {
        return original == null || !seen.add(original) ? null : new MaskedFailure(original, seen);
    }
}
