package com.opengrail.kafka.sse.internal.match;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits what one client may take of a thread before others have their turn: the bytes of one write, and the time.
 *
 * <p>A turn in which expressions are evaluated or a predicate is asked is shorter. If that takes much time, the turn is
 * expensive. For expressions, the processor time of the thread decides. The clock would call a turn expensive in which the
 * thread had to wait for a processor or for the garbage collector.
 *
 * <p>Only a patient turn compares a long name with an expression for as long as it takes. The others give up soon, and the
 * client tries again in a patient turn, which it has among other expensive ones.
 *
 * <p>Threads: not safe; belongs to the thread that gives the turns.
 */
public final class Turn {
    /** Long enough for thousands of cheap filter checks, and short enough not to delay a hundred other clients much. */
    private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** The limit from the first evaluation on. */
    private static final long JUDGING_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    /** With so much processor time for expressions a turn is expensive: several times what writing an event takes. */
    private static final long EXPENSIVE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    /**
     * A cheap check takes nanoseconds, and so does reading the clock. So the clock is read once per this many checks.
     */
    private static final int CHEAP_STEPS = 64;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** What the calling thread has used, where the virtual machine tells it; elsewhere the time that has passed. */
    private static final LongSupplier PROCESSOR_NANOS =
            THREADS.isCurrentThreadCpuTimeSupported() && THREADS.isThreadCpuTimeEnabled()
                    ? THREADS::getCurrentThreadCpuTime
                    : System::nanoTime;

    private final int maxBytes;
    private final LongSupplier nanoTime;
    private final LongSupplier processorNanos;
    private long deadline;
    private int cheapSteps;
    private boolean over;
    private boolean asks;

    /** The processor time of the thread before the first evaluation of the turn. */
    private long processorBefore;

    private boolean evaluates;
    private boolean due;
    private boolean patient;

    /** A turn that has not begun yet, with the most bytes of one write. */
    public Turn(int maxBytes, LongSupplier nanoTime) {
        this(maxBytes, nanoTime, PROCESSOR_NANOS);
    }

    /** A turn with a clock of its own for the processor time that the thread has used. */
    Turn(int maxBytes, LongSupplier nanoTime, LongSupplier processorNanos) {
        this.maxBytes = maxBytes;
        this.nanoTime = nanoTime;
        this.processorNanos = processorNanos;
    }

    public void begin() {
        deadline = nanoTime.getAsLong() + LIMIT_NANOS;
        cheapSteps = 0;
        over = false;
        asks = false;
        evaluates = false;
        due = false;
        patient = false;
    }

    /** Begins a turn in which each name is judged, however long that takes. */
    public void beginPatiently() {
        begin();
        patient = true;
    }

    /** Begins a turn of a client with an expensive filter, in which the filter is not used. */
    public void beginForDue() {
        begin();
        over = true;
        due = true;
    }

    public int maxBytes() {
        return maxBytes;
    }

    /** Notes that a step may have taken long. The next {@link #isOver} reads the clock. */
    public void hasWorked() {
        cheapSteps = CHEAP_STEPS;
    }

    /** Expressions are about to be evaluated. */
    public void evaluates() {
        hasWorked();
        if (!evaluates) {
            evaluates = true;
            processorBefore = processorNanos.getAsLong();
            shorten();
        }
    }

    public boolean hasEvaluated() {
        return evaluates;
    }

    /** True if the evaluation of an expression is to be given up. It has to be reported before it starts. */
    boolean givesUp() {
        return !patient && processorNanos.getAsLong() - processorBefore >= JUDGING_NANOS;
    }

    /** The application is about to be asked. It may wait for others, which takes no processor. */
    public void asks() {
        hasWorked();
        if (!asks) {
            asks = true;
            shorten();
        }
    }

    private void shorten() {
        long shorter = nanoTime.getAsLong() + JUDGING_NANOS;
        deadline = shorter - deadline < 0 ? shorter : deadline;
    }

    public boolean isOver() {
        if (!over && ++cheapSteps > CHEAP_STEPS) {
            cheapSteps = 0;
            over = nanoTime.getAsLong() - deadline >= 0;
        }
        return over;
    }

    /** True if expressions were evaluated or the application was asked, which may have taken long. */
    public boolean hasJudged() {
        return asks || evaluates;
    }

    /** Nothing else is done in this turn. */
    public void stop() {
        over = true;
    }

    /** True if only what is due is wanted: the turn tells nothing of the client's filter. */
    public boolean isForDue() {
        return due;
    }

    /** True if the client's filter or predicate takes much time. */
    public boolean isExpensive() {
        return asks && isOver() || evaluates && processorNanos.getAsLong() - processorBefore >= EXPENSIVE_NANOS;
    }
}
