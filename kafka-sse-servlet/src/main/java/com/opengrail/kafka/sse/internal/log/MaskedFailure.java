package com.opengrail.kafka.sse.internal.log;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What is logged in place of a failure whose text has a secret: the rest of its text, its stack trace and its causes. */
final class MaskedFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private MaskedFailure(Throwable original, UnaryOperator<String> mask, Set<Throwable> seen) {
        super(mask.apply(textOf(original)), of(original.getCause(), mask, seen));
        setStackTrace(original.getStackTrace());
        for (Throwable suppressed : original.getSuppressed()) {
            if (seen.add(suppressed)) {
                addSuppressed(new MaskedFailure(suppressed, mask, seen));
            }
        }
    }

    /** A failure as it may be logged: the same where nothing has to be hidden. */
    static Throwable of(Throwable original, UnaryOperator<String> mask) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable masked = of(original, mask, seen);
        boolean isClean = seen.stream().map(MaskedFailure::textOf).allMatch(text -> text.equals(mask.apply(text)));
        return isClean ? original : masked;
    }

    /** The text of a failure, which begins with the name of its class; of a masked one, that of the original. */
    static String textOf(Throwable failure) {
        return failure instanceof MaskedFailure ? failure.getMessage() : failure.toString();
    }

    private static Throwable of(Throwable original, UnaryOperator<String> mask, Set<Throwable> seen) {
        return original == null || !seen.add(original) ? null : new MaskedFailure(original, mask, seen);
    }
}
