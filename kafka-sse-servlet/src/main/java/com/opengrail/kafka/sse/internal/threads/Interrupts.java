package com.opengrail.kafka.sse.internal.threads;

/**
 * Interrupts a thread, but not while it lets go of what it holds: Kafka logs an interrupted closing as an error.
 *
 * <p>Threads: {@link #interrupt} from anywhere, {@link #letGo} by the thread itself. No lock is held meanwhile.
 */
public final class Interrupts {
    /** Guarded by this. */
    private boolean isLettingGo;

    private boolean isInterrupted;

    /** Interrupts the thread, as soon as it does not let go of anything. */
    public synchronized void interrupt(Thread thread) {
        isInterrupted = true;
        if (!isLettingGo) {
            thread.interrupt();
        }
    }

    /** Closes something without being interrupted. The interrupt that has come before or meanwhile is there afterwards. */
    public void letGo(Runnable closing) {
        synchronized (this) {
            isLettingGo = true;
            isInterrupted = Thread.interrupted();
        }
        try {
            closing.run();
        } finally {
            synchronized (this) {
                isLettingGo = false;
                if (isInterrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
