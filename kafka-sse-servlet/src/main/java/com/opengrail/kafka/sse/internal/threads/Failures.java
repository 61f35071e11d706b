package com.opengrail.kafka.sse.internal.threads;

/** What may be thrown by code that is not this library's: anything, also exceptions that its methods do not declare. */
public final class Failures {
    private Failures() {}

    /**
     * Throws a failure on if it concerns the whole process, such as a lack of memory. All others concern only what the code
     * was called for.
     */
    public static void throwOnIfOfProcess(Throwable failure) {
        if (failure instanceof VirtualMachineError error && !(error instanceof StackOverflowError)) {
            throw error;
        }
    }
}
