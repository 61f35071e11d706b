package com.opengrail.kafka.sse.internal.replay;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.cursor.Replay;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.window.Batch;
import com.opengrail.kafka.sse.internal.window.IdLine;
import java.util.BitSet;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class LaneReaderTest {
    private static final Position POSITION =
            new Position(new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 1))), new long[] {5});

    private final ReplayQueue queue = mock(ReplayQueue.class);
    private final ReplayReader reader = mock(ReplayReader.class);
    private final Renewal renewal = mock(Renewal.class);
    private final ReplayHealth health = mock(ReplayHealth.class);
    private final LaneReader lanes = new LaneReader(queue, reader, health, renewal, System::nanoTime);
    private final ReplayLane lane = new ReplayLane(mock(TopicWatch.class));

    /** The cache says nothing of a consumer that cannot connect any more. */
    @Test
    void shouldCountAnswersOfTheBrokersAlone() {
        Replay request = mock(Replay.class);
        when(queue.request(lane)).thenReturn(request);
        when(queue.answered(any(), any(), any())).thenReturn(List.of());
        when(reader.answer(any(), anyLong(), any())).thenReturn(mock(Replay.Moved.class));
        assertTrue(lanes.runOnce(lane));
        verify(renewal, never()).answered();
        when(reader.isAnsweredByBrokers()).thenReturn(true);
        assertTrue(lanes.runOnce(lane));
        verify(renewal).answered();
    }

    @Test
    void shouldTellOfBrokersThatAreAwayAtOnce() {
        Replay request = mock(Replay.class);
        when(request.position()).thenReturn(POSITION);
        when(queue.request(lane)).thenReturn(request);
        assertTrue(lanes.runOnce(lane));
        verify(health, never()).failed(any(), any());
        when(renewal.isAway()).thenReturn(true);
        when(renewal.isDueAfter(any())).thenReturn(true);
        assertFalse(lanes.runOnce(lane));
        verify(health).failed(any(TimeoutException.class), any());
    }

    @Test
    void shouldLetWhoCannotGoOnWaitForWhatIsLeftOut() {
        Replay request = mock(Replay.class);
        when(request.position()).thenReturn(POSITION);
        when(queue.request(lane)).thenReturn(request);
        when(reader.answer(any(), anyLong(), any()))
                .thenReturn(Replay.read(new Batch(POSITION, 0, new IdLine()), POSITION));
        when(reader.leavesOut()).thenReturn(true);
        when(reader.leftOutNanos(POSITION)).thenReturn(7L);
        BitSet read = new BitSet();
        read.set(0);
        when(reader.read(POSITION)).thenReturn(read);
        assertTrue(lanes.runOnce(lane));
        verify(queue).nothingAt(lane, POSITION, read, 7);
        when(request.isBehindIn(read)).thenReturn(true);
        assertTrue(lanes.runOnce(lane));
        verify(queue).nothingAt(lane, POSITION, new BitSet(), 7);
    }
}
