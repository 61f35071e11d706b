package com.opengrail.kafka.sse.internal.writer;

import static com.opengrail.kafka.sse.internal.writer.WriteState.CLOSED;
import static com.opengrail.kafka.sse.internal.writer.WriteState.FORBIDDEN;
import static com.opengrail.kafka.sse.internal.writer.WriteState.IDLE;
import static com.opengrail.kafka.sse.internal.writer.WriteState.OVER;
import static com.opengrail.kafka.sse.internal.writer.WriteState.WAITING;
import static com.opengrail.kafka.sse.internal.writer.WriteState.WRITABLE;
import static com.opengrail.kafka.sse.internal.writer.WriteState.WRITING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each move from each state there is: what it leads to, or that it is forbidden. */
class WriteStateTest {
    private static final int[] STATES = {
        IDLE, WRITING, WRITING | WRITABLE, WRITING | OVER, WRITING | WRITABLE | OVER, WAITING, CLOSED
    };

    private static Arguments row(String move, IntUnaryOperator function, int... expected) {
        return Arguments.of(move, function, expected);
    }

    static Stream<Arguments> moves() {
        int no = FORBIDDEN;
        int all = WRITING | WRITABLE | OVER;
        return Stream.of(
                row("wake", WriteState::wake, WRITING, no, no, no, no, no, no),
                row(
                        "writable",
                        WriteState::writable,
                        WRITING,
                        WRITING | WRITABLE,
                        WRITING | WRITABLE,
                        all,
                        all,
                        WRITING,
                        no),
                row("rest", WriteState::rest, no, IDLE, WRITING, no, no, no, no),
                row("await", WriteState::await, no, WAITING, WRITING, no, no, no, no),
                row("fail", WriteState::fail, CLOSED, WRITING | OVER, all, WRITING | OVER, all, CLOSED, no),
                row("drop", WriteState::drop, no, no, no, no, no, CLOSED, no));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("moves")
    void shouldLeadWhereTheTableSays(String move, IntUnaryOperator function, int[] expected) {
        assertEquals(
                Arrays.toString(expected),
                Arrays.toString(Arrays.stream(STATES).map(function).toArray()));
    }

    @Test
    void shouldKnowWhoHoldsWhatIsClosedAndWhatIsOver() {
        assertEquals(
                "[false, true, true, true, true, false, false]",
                Arrays.toString(
                        Arrays.stream(STATES).mapToObj(WriteState::isHeld).toArray()));
        assertEquals(
                "[false, false, false, false, false, false, true]",
                Arrays.toString(
                        Arrays.stream(STATES).mapToObj(WriteState::isClosed).toArray()));
        assertEquals(
                "[false, false, false, true, true, false, false]",
                Arrays.toString(
                        Arrays.stream(STATES).mapToObj(WriteState::isOver).toArray()));
    }
}
