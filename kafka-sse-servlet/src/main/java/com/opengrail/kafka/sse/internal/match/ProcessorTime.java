package com.opengrail.kafka.sse.internal.match;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** The processor time of threads, where the virtual machine tells it. */
final class ProcessorTime {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final boolean IS_TOLD =
            THREADS.isCurrentThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled();

    private ProcessorTime() {}

    /** What the calling thread has used, in nanoseconds from some origin; elsewhere the time that has passed. */
    static long ofThisThread() {
        return IS_TOLD ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }
}
