package com.opengrail.kafka.sse.internal.writer;

/**
 * The states of a {@link ClientWriter} and the moves between them.
 *
 * <pre>
 *         wake, onWritePossible            isReady() false
 *     IDLE ------------->  WRITING  --------------------------->  WAITING
 *     | ^  <-------------     |  ^                                   |  |
 *     |    nothing to write   |  +---------- onWritePossible --------+  |
 *     |                       |                                         |
 *     |                       +-- failed, ended --> CLOSED <-- failed --+
 *     |                                               ^
 *     +------------------ failed ---------------------+
 * </pre>
 *
 * <p>One thread holds the client while the state is WRITING. Other threads only leave marks there; the holder finds
 * them. Each move is a pure function. It gives the state after the move, or {@link #FORBIDDEN}.
 *
 * <p>States are numbers and not an enum, so that one compare-and-set can change a state together with its marks.
 */
final class WriteState {
    static final int IDLE = 0;
    static final int WRITING = 1;
    static final int WAITING = 2;
    static final int CLOSED = 3;

    /** Marks left for the holder: the container called back, or has reported a failure or the end of the request. */
    static final int WRITABLE = 4;

    static final int OVER = 8;

    /** There is no such move from this state. */
    static final int FORBIDDEN = -1;

    private static final int STATE = 3;

    private WriteState() {}

    /** There is something to write: whoever makes this move holds the client. */
    static int wake(int state) {
        return state == IDLE ? WRITING : FORBIDDEN;
    }

    /**
     * The container takes bytes again. Whoever makes this move holds the client, unless another thread holds it
     * already.
     */
    static int writable(int state) {
        return switch (state & STATE) {
            case WRITING -> state | WRITABLE;
            case CLOSED -> FORBIDDEN;
            default -> WRITING;
        };
    }

    /** The holder has nothing to write. If the container called back meanwhile, it holds on and looks again. */
    static int rest(int state) {
        return leave(state, IDLE);
    }

    /** The container takes no bytes. If it called back meanwhile, the holder holds on and asks again. */
    static int await(int state) {
        return leave(state, WAITING);
    }

    private static int leave(int state, int next) {
        return switch (state) {
            case WRITING -> next;
            case WRITING | WRITABLE -> WRITING;
            default -> FORBIDDEN;
        };
    }

    /** The stream has failed or is complete: it closes, or the holder finds a mark. */
    static int fail(int state) {
        return switch (state & STATE) {
            case CLOSED -> FORBIDDEN;
            case WRITING -> state | OVER;
            default -> CLOSED;
        };
    }

    /** A client that takes no bytes is dropped. */
    static int drop(int state) {
        return state == WAITING ? CLOSED : FORBIDDEN;
    }

    static boolean isHeld(int state) {
        return (state & STATE) == WRITING;
    }

    static boolean isClosed(int state) {
        return (state & STATE) == CLOSED;
    }

    /** True if the container has reported a failure or the end while a thread held the client. */
    static boolean isOver(int state) {
        return (state & OVER) != 0;
    }
}
