package com.opengrail.kafka.sse.internal.writer;

import com.opengrail.kafka.sse.StreamInfo;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to one client, without blocking where the container keeps to the specification. With its {@link ResponseOutput} it is
 * the only code that touches the client's response.
 *
 * <p>{@link WriteState} draws the states and their moves.
 *
 * <p>A stream starts WAITING, for the container's first {@code onWritePossible}. While it is WRITING, one thread holds the
 * client, its cursor and the response: a writer thread, the container in {@code onWritePossible} (Servlet 6.0, 5.7), or who
 * ends the stream. That is the timer, {@code destroy}, {@code endStreamsOfUser} or the container in {@code onTimeout}.
 * Other threads that find it WRITING leave a mark. The holder looks for marks and for work before
 * it lets go. It asks {@code isReady} before each write, flush and complete. Once the answer was false, it calls
 * nothing until the container calls back. After CLOSED, request, response and asynchronous context are not used any
 * more. There is one exception: if a write failed on a thread of ours and the container does not report the failure,
 * {@code complete} is called later.
 *
 * <p>Threads: {@link #wake}, {@link #dropIfWaitingSince} and the methods for the container's reports from anywhere,
 * {@link #run} by a writer thread.
 */
public final class ClientWriter extends Hold implements WriteListener {
    private static final Logger LOG = LoggerFactory.getLogger(ClientWriter.class);

    /** The states of the completion of the request. */
    private static final int NOT_ASKED_FOR = 0;

    private static final int ASKED_FOR = 1;
    private static final int REPORTED = 2;

    private static final AtomicIntegerFieldUpdater<ClientWriter> COMPLETIONS =
            AtomicIntegerFieldUpdater.newUpdater(ClientWriter.class, "completion");

    /** The most bytes that a client gets before other clients of the writer thread have their turn. */
    private static final int TURN_BYTES = 512 * 1024;

    /** How long the report of a failure waits for the holder of the client, whose calls hardly ever block. */
    private static final Duration HOLDER_LEAVES = Duration.ofSeconds(1);

    private final WrittenClient client;
    private final AsyncContext context;
    private final ResponseOutput out;
    private final WriterLane lane;
    private volatile int completion = NOT_ASKED_FOR;

    /** Written by the holder. */
    private boolean ended;

    private volatile long waitingSince;

    ClientWriter(WrittenClient client, AsyncContext context, WriterLane lane, long now) throws IOException {
        super(BlockedConnections.sharedBy(context.getRequest()));
        this.client = client;
        this.context = context;
        this.out = new ResponseOutput(context.getResponse().getOutputStream());
        this.lane = lane;
        this.waitingSince = now;
    }

    @Override
    String payer() {
        return client.payer();
    }

    @Override
    WrittenClient client() {
        return client;
    }

    public void enter() {
        lane.enter(this);
    }

    /** Lets the container call back. */
    public void start() {
        context.addListener(AsyncReports.to(this));
        out.start(this);
    }

    /** There is something to be written, or there may be. */
    public void wake() {
        if (state() == WriteState.IDLE && move(WriteState::wake)) {
            awaitTurn();
        }
    }

    @Override
    void awaitTurn() {
        heldByNobody();
        lane.execute(this);
    }

    /** There is something to be written. This thread writes it at once if nobody holds the client. */
    public void wakeHere(Slice slice) {
        if (move(WriteState::wake)) {
            writeHere(slice, false);
        }
    }

    /** A write to a connection with other streams may wait (see {@link BlockedConnections}), so only writer threads do that. */
    private void writeHere(Slice slice, boolean ofContainer) {
        if (connection == null) {
            Turn turn = new Turn(WriterThread.WRITE_BYTES, client::now);
            turn.begin();
            turn(slice, turn, ofContainer);
        } else {
            awaitTurn();
        }
    }

    /** Ends the stream if its client has not taken a byte since a time. */
    public void dropIfWaitingSince(long time) {
        if (state() == WriteState.WAITING && waitingSince - time <= 0 && move(WriteState::drop)) {
            closed(true);
            complete();
        }
    }

    @Override
    void giveUp() {
        boolean reported = WriteState.isOver(close());
        closed(true);
        if (!reported) {
            complete();
        }
    }

    public boolean isClosed() {
        return WriteState.isClosed(state());
    }

    /** True if the container has been asked to complete the request and has not reported it yet. */
    public boolean isCompletionDue() {
        return completion == ASKED_FOR;
    }

    @Override
    public void onWritePossible() {
        try {
            client.writable();
        } catch (Throwable e) {
            // For example, the check gets no thread.
            client.broken(e);
            fail(e);
            return;
        }
        int before = change(WriteState::writable);
        if (WriteState.isHeld(before) || WriteState.isClosed(before)) {
            return;
        }
        // The container's threads know no order among heavy clients.
        if (isHeavy()) {
            awaitTurn();
        } else {
            writeHere(new Slice(), true);
        }
    }

    @Override
    void run(Slice slice, Turn turn) {
        // An expensive client has its turn among others of that kind. There it may take as long as its filter needs.
        if (expensive) {
            turn.beginPatiently();
        } else {
            turn.begin();
        }
        turn(slice, turn, false);
    }

    @Override
    void runDue(Slice slice, Turn turn) {
        turn.beginForDue();
        turn(slice, turn, false);
    }

    @Override
    boolean isAnythingDue() {
        return WriteState.isOver(state()) || client.isAnythingDue();
    }

    /** Something is due, and the client may be waiting with other heavy ones. */
    public void wakeForDue() {
        lane.wakeForDue();
    }

    /**
     * Writes, and ends the stream if it is over. When a write fails on a thread of ours, Tomcat reports it on one of
     * its own, ends the request there and may use it for another client at once; Jetty reports nothing. So the report
     * completes the request. This class waits for it for a limited time.
     */
    private void turn(Slice slice, Turn turn, boolean ofContainer) {
        boolean reportDue = false;
        heldHere();
        try {
            if (!write(slice, turn)) {
                return;
            }
        } catch (IOException e) {
            LOG.debug("Client {} is gone", client, e);
            reportDue = !ofContainer;
        } catch (Throwable e) {
            // For example, the container has no memory for a buffer. If it were thrown on, it would end the thread that
            // writes to other clients.
            if (out.isInContainer() && e instanceof RuntimeException) {
                LOG.debug("Client {} is gone", client, e);
            } else {
                client.broken(e);
            }
        } finally {
            // Bytes that a failed write has left here must not reach the client that has the next turn.
            slice.clear();
        }
        waitingSince = client.now();
        boolean reported = WriteState.isOver(close());
        closed(false);
        if (reportDue && !reported) {
            lane.reportDue(this);
        } else if (!reported) {
            complete();
        }
    }

    /** Writes as much as the container takes. True if the stream is over. */
    private boolean write(Slice slice, Turn turn) throws IOException {
        int written = 0;
        while (!WriteState.isOver(state())) {
            boolean hasOutput = !ended && client.hasOutput();
            if (!hasOutput && !out.isUnflushed() && !ended) {
                if (becomeIdle()) {
                    return false;
                }
            } else if (!isReady()) {
                return false;
            } else if (hasOutput) {
                ended = endsWith(slice, turn);
                if (ended) {
                    out.flushAtEnd();
                }
                give(slice);
                written += slice.length();
                slice.clear();
            } else if (out.isUnflushed()) {
                out.flush();
            } else {
                return true;
            }
            noteWeight(turn, written);
            if ((turn.isOver() || written >= TURN_BYTES) && !client.isEndDue()) {
                if (!flushed()) {
                    return false;
                }
                client.parked();
                awaitTurn();
                return false;
            }
        }
        return true;
    }

    private void noteWeight(Turn turn, int written) {
        if (!turn.isForDue()) {
            // A turn without work tells nothing of the filter. It is so when the client has fallen out of the window.
            expensive = turn.isExpensive() || expensive && written == 0 && !turn.hasEvaluated();
            behind = behind || turn.isOver() || written >= TURN_BYTES;
        }
    }

    /**
     * Takes the next bytes. True if they are the last ones. A failure here is the library's fault and not the client's.
     */
    private boolean endsWith(Slice slice, Turn turn) {
        try {
            return client.next(slice, turn);
        } catch (RuntimeException | StackOverflowError e) {
            client.broken(e);
            slice.clear();
            return true;
        }
    }

    private void give(Slice slice) throws IOException {
        if (slice.length() > 0) {
            out.write(slice);
            client.wrote(slice);
        }
    }

    /**
     * Flushes what has been written before others have their turns, which may take a while. False if the container takes no
     * flush. Then this thread no longer holds the client.
     */
    private boolean flushed() throws IOException {
        if (out.isUnflushed()) {
            if (!isReady()) {
                return false;
            }
            out.flush();
        }
        return true;
    }

    private boolean becomeIdle() {
        client.parked();
        behind = behind && client.state() == StreamInfo.State.REPLAYING;
        if (change(WriteState::rest) != WriteState.WRITING) {
            return false;
        }
        if (!client.isCalled() || !move(WriteState::wake)) {
            return true;
        }
        // Others may have held the client in between. A report on one of their threads has to wait for this one.
        heldHere();
        return false;
    }

    /** True if the container takes a write. If not, this thread no longer holds the client. */
    private boolean isReady() throws IOException {
        while (!out.isReady()) {
            waitingSince = client.now();
            client.parked();
            int before = change(WriteState::await);
            if (before == WriteState.WRITING) {
                return false;
            }
            if (WriteState.isOver(before)) {
                throw new IOException("The stream failed while it waited for its client");
            }
        }
        return true;
    }

    /** The container reports a failure or the end. If nobody holds the client, the stream ends here. */
    private void fail(Throwable cause) {
        LOG.debug("Client {} is gone", client, cause);
        int before = change(WriteState::fail);
        wakeForDue();
        if (!WriteState.isHeld(before) && !WriteState.isClosed(before)) {
            closed(false);
        }
        awaitRelease(HOLDER_LEAVES);
        complete();
    }

    @Override
    boolean completeIfUnreportedSince(long time) {
        boolean due = waitingSince - time <= 0;
        if (due) {
            complete();
        }
        return due || completion != NOT_ASKED_FOR;
    }

    /** Called once, by the thread that made the move to CLOSED. */
    private void closed(boolean stalled) {
        lane.leave(this);
        client.closed(stalled);
    }

    private void complete() {
        if (!COMPLETIONS.compareAndSet(this, NOT_ASKED_FOR, ASKED_FOR)) {
            return;
        }
        try {
            context.complete();
        } catch (RuntimeException e) {
            LOG.debug("The container has ended the stream of client {} itself", client, e);
        }
    }

    @Override
    public void onError(Throwable cause) {
        fail(cause);
    }

    /**
     * No stream reaches its time limit. Tomcat reports a timeout when it ends the requests of a connector that is being
     * stopped. The client can still be sent its position.
     */
    void onTimeout(Throwable cause) {
        client.timedOut(new Slice());
        awaitTurnAndRelease(HOLDER_LEAVES);
        fail(cause);
    }

    /** The container has completed the request. */
    void onComplete(Throwable cause) {
        completion = REPORTED;
        fail(cause);
    }
}
