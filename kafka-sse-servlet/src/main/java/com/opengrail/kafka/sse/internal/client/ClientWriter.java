package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.cursor.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to one client without ever blocking, and is the only code that touches its response.
 *
 * <pre>
 *               wake                       isReady() false
 *     IDLE ------------->  WRITING  --------------------------->  WAITING
 *       ^  <-------------     |  ^                                   |  |
 *          nothing to write   |  +---------- onWritePossible --------+  |
 *                             |                                         |
 *                             +-- failed, ended --> CLOSED <-- failed --+
 * </pre>
 *
 * <p>A stream starts WAITING, for the container's first {@code onWritePossible}. Whoever moves it to WRITING holds the
 * client, its cursor and the response until moving it on: a writer thread, or the container in {@code onWritePossible}
 * (Servlet 6.0, 5.7). Who finds it WRITING leaves a mark and goes; the holder looks for marks and for work before it
 * lets go. {@code isReady} is asked before each write, flush and complete; once it said no, nothing is called until the
 * container calls back. After CLOSED nothing of request, response or asynchronous context is touched again; where a write
 * failed on a thread of ours, only {@code complete} may come later, if the container has not reported the failure by then.
 *
 * <p>Threads: {@link #wake}, {@link #dropIfWaiting} and the listeners' methods from anywhere, {@link #run} by a writer thread.
 */
final class ClientWriter implements WriteListener, AsyncListener, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientWriter.class);

    private static final int IDLE = 0;
    private static final int WRITING = 1;
    private static final int WAITING = 2;
    private static final int CLOSED = 3;
    private static final int STATE = 3;

    /** Marks left for the holder: the container called back, the stream failed, the container has completed it. */
    private static final int WRITABLE = 4;

    private static final int FAILED = 8;
    private static final int COMPLETED = 16;

    /** How far the container is with the completion of the request. */
    private static final int NOT_ASKED_FOR = 0;

    private static final int ASKED_FOR = 1;
    private static final int REPORTED = 2;

    /** Fields and not objects, of which there would be two for each of thousands of clients. */
    private static final AtomicIntegerFieldUpdater<ClientWriter> STATES =
            AtomicIntegerFieldUpdater.newUpdater(ClientWriter.class, "state");

    private static final AtomicIntegerFieldUpdater<ClientWriter> COMPLETIONS =
            AtomicIntegerFieldUpdater.newUpdater(ClientWriter.class, "completion");

    /** The most bytes that a client is given before others of the same writer thread have their turn. */
    private static final int TURN_BYTES = 512 * 1024;

    /** How long a failure's report waits for who holds the client, whose calls never block. */
    private static final long HOLDER_LEAVES_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long HOLDER_CHECK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    /** The queue's: the number of this client and, while it waits for a turn, that of the next one. */
    int number;

    int nextQueued;

    /** The writer thread's: the round in which it had a turn last. */
    int lastRound;

    private final Client client;
    private final AsyncContext context;
    private final ServletOutputStream out;
    private final WriterThread writer;
    private volatile int state = WAITING;
    private volatile int completion = NOT_ASKED_FOR;

    /** Written by the holder. */
    private boolean unflushed;

    private boolean ended;

    /** Of its thread's id as much as tells it from others: a reference would cost what {@link TurnQueue} tells of. */
    private volatile int holder;

    private volatile long waitingSince;

    ClientWriter(Client client, AsyncContext context, WriterThread writer, long now) throws IOException {
        this.client = client;
        this.context = context;
        this.out = context.getResponse().getOutputStream();
        this.writer = writer;
        this.waitingSince = now;
    }

    Client client() {
        return client;
    }

    /** From now on the writer thread has it among its clients. */
    void enter() {
        writer.enter(this);
    }

    /** Lets the container call. */
    void start() {
        context.addListener(this);
        out.setWriteListener(this);
    }

    /** There is something to be written, or there may be. */
    void wake() {
        if (state == IDLE && STATES.compareAndSet(this, IDLE, WRITING)) {
            writer.execute(this);
        }
    }

    /** There is something to be written, at once and by this thread if nobody else holds the client. */
    void wakeHere(Slice slice) {
        if (STATES.compareAndSet(this, IDLE, WRITING)) {
            turn(slice, client.newTurn(), false);
        }
    }

    /** Drops a client that has not taken a byte since a time. */
    void dropIfWaitingSince(long time) {
        if (state == WAITING && waitingSince - time <= 0) {
            dropIfWaiting();
        }
    }

    /** Ends a stream whose client takes no bytes. */
    void dropIfWaiting() {
        if (STATES.compareAndSet(this, WAITING, CLOSED)) {
            closed();
            complete();
        }
    }

    boolean isClosed() {
        return (state & STATE) == CLOSED;
    }

    /** Whether the container has been asked to complete the request, and has not reported that it has. */
    boolean isCompletionDue() {
        return completion == ASKED_FOR;
    }

    @Override
    public void onWritePossible() {
        while (true) {
            int now = state;
            if ((now & STATE) == WRITING) {
                if (STATES.compareAndSet(this, now, now | WRITABLE)) {
                    return;
                }
            } else if (now == CLOSED || STATES.compareAndSet(this, now, WRITING)) {
                if (now != CLOSED) {
                    turn(new Slice(), client.newTurn(), true);
                }
                return;
            }
        }
    }

    @Override
    public void run() {
        turn(writer.slice(), writer.turn(), false);
    }

    /**
     * Writes, and ends the stream if it is over. When a write fails on a thread of ours, Tomcat reports it on one of its
     * own, ends the request there and may use it for another client at once; Jetty reports nothing. Completing is left to
     * the report, which is waited for, for a while.
     */
    private void turn(Slice slice, Turn turn, boolean ofContainer) {
        boolean reportDue = false;
        turn.begin();
        holder = currentThreadId();
        try {
            if (!write(slice, turn)) {
                return;
            }
        } catch (IOException e) {
            LOG.debug("Client {} is gone", client, e);
            reportDue = !ofContainer;
        } catch (RuntimeException e) {
            LOG.debug("Client {} is gone", client, e);
        } catch (Error e) {
            // A container that has no buffer for one client: thrown on, it would end the thread that writes to the
            // others.
            client.broken(e);
        } finally {
            // What a failed write leaves in it must not reach the client that has the next turn.
            slice.clear();
        }
        waitingSince = client.now();
        boolean reported = (STATES.getAndSet(this, CLOSED) & (FAILED | COMPLETED)) != 0;
        closed();
        if (reportDue && !reported) {
            client.reportDue();
        } else if (!reported) {
            complete();
        }
    }

    /**
     * Writes what there is.
     *
     * @return whether the stream is over
     */
    private boolean write(Slice slice, Turn turn) throws IOException {
        int written = 0;
        while ((state & (FAILED | COMPLETED)) == 0) {
            boolean hasOutput = !ended && client.hasOutput();
            if (!hasOutput && !unflushed && !ended) {
                if (becomeIdle()) {
                    return false;
                }
            } else if (!isReady()) {
                return false;
            } else if (hasOutput) {
                ended = endsWith(slice, turn);
                unflushed |= ended;
                give(slice);
                written += slice.length();
                slice.clear();
            } else if (unflushed) {
                unflushed = false;
                out.flush();
            } else {
                return true;
            }
            if (written >= TURN_BYTES || turn.isOver()) {
                client.parked();
                writer.execute(this);
                return false;
            }
        }
        return true;
    }

    /** Takes the next bytes; true if they are the last. What fails here is this library's fault, and not the client's. */
    private boolean endsWith(Slice slice, Turn turn) {
        try {
            return client.next(slice, turn) == Client.Next.END;
        } catch (RuntimeException | StackOverflowError e) {
            client.broken(e);
            slice.clear();
            return true;
        }
    }

    private void give(Slice slice) throws IOException {
        if (slice.length() > 0) {
            out.write(slice.bytes(), slice.from(), slice.length());
            unflushed = true;
            client.wrote(slice);
        }
    }

    private boolean becomeIdle() {
        client.parked();
        if (!STATES.compareAndSet(this, WRITING, IDLE)) {
            STATES.compareAndSet(this, WRITING | WRITABLE, WRITING);
            return false;
        }
        return !client.hasOutput() || !STATES.compareAndSet(this, IDLE, WRITING);
    }

    /** Whether the container takes a write; if not, the client is not held any more. */
    private boolean isReady() {
        while (!out.isReady()) {
            waitingSince = client.now();
            client.parked();
            if (STATES.compareAndSet(this, WRITING, WAITING)) {
                return false;
            }
            if (!STATES.compareAndSet(this, WRITING | WRITABLE, WRITING)) {
                throw new IllegalStateException("The stream failed while its client was waited for");
            }
        }
        return true;
    }

    /** A failure or the end, as the container reports it: if nobody holds the client, the stream is ended here. */
    private void fail(int mark, Throwable cause) {
        LOG.debug("Client {} is gone", client, cause);
        if (close(mark)) {
            closed();
        }
        awaitHolder();
        if (mark != COMPLETED) {
            complete();
        }
    }

    /**
     * Gives who holds the client the time to come back from the container. Tomcat reports a failed flush, ends the request
     * and gives its response to the next one while the failed call is still at work on it.
     */
    private void awaitHolder() {
        long start = System.nanoTime();
        while ((state & STATE) == WRITING
                && holder != currentThreadId()
                && System.nanoTime() - start < HOLDER_LEAVES_NANOS) {
            LockSupport.parkNanos(HOLDER_CHECK_NANOS);
        }
    }

    /** Closes the stream, or leaves a mark for who holds the client. */
    private boolean close(int mark) {
        while (true) {
            int now = state;
            if (now == CLOSED) {
                return false;
            }
            if ((now & STATE) == WRITING) {
                if (STATES.compareAndSet(this, now, now | mark)) {
                    return false;
                }
            } else if (STATES.compareAndSet(this, now, CLOSED)) {
                return true;
            }
        }
    }

    /** Ends the request of a stream that failed before a time, if the container has not done so. */
    boolean completeIfUnreportedSince(long time) {
        boolean due = waitingSince - time <= 0;
        if (due) {
            complete();
        }
        return due || completion != NOT_ASKED_FOR;
    }

    private static int currentThreadId() {
        return (int) Thread.currentThread().getId();
    }

    /** Whoever closed it has no more use of its place among the thread's clients. */
    private void closed() {
        writer.leave(this);
        client.closed();
    }

    private void complete() {
        if (COMPLETIONS.compareAndSet(this, NOT_ASKED_FOR, ASKED_FOR)) {
            try {
                context.complete();
            } catch (IllegalStateException e) {
                LOG.debug("The container has ended the stream of client {} itself", client, e);
            }
        }
    }

    @Override
    public void onError(Throwable cause) {
        fail(FAILED, cause);
    }

    @Override
    public void onError(AsyncEvent event) {
        fail(FAILED, event.getThrowable());
    }

    /**
     * No stream reaches its time limit: this is how Tomcat ends the requests of a connector that is being stopped. The
     * client can still be told where it is.
     */
    @Override
    public void onTimeout(AsyncEvent event) {
        client.end(new Slice());
        awaitHolder();
        fail(FAILED, event.getThrowable());
    }

    @Override
    public void onComplete(AsyncEvent event) {
        completion = REPORTED;
        fail(COMPLETED, event.getThrowable());
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
    }
}
