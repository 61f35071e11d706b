package com.opengrail.kafka.sse.internal.replay;

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
import org.junit.jupiter.api.Test;

class LaneReaderTest {
    private final ReplayQueue queue = mock(ReplayQueue.class);
    private final ReplayReader reader = mock(ReplayReader.class);
    private final Renewal renewal = mock(Renewal.class);
    private final LaneReader lanes = new LaneReader(queue, reader, mock(ReplayHealth.class), renewal, System::nanoTime);
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
    void shouldLetWhoCannotGoOnWaitForWhatIsLeftOut() {
        Layout layout = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 1)));
        Position position = new Position(layout, new long[] {5});
        Replay request = mock(Replay.class);
        when(request.position()).thenReturn(position);
        when(queue.request(lane)).thenReturn(request);
        when(reader.answer(any(), anyLong(), any()))
                .thenReturn(Replay.read(new Batch(position, 0, new IdLine()), position));
        when(reader.leavesOut()).thenReturn(true);
        when(reader.leftOutNanos(position)).thenReturn(7L);
        BitSet read = new BitSet();
        read.set(0);
        when(reader.read(position)).thenReturn(read);
        assertTrue(lanes.runOnce(lane));
        verify(queue).nothingAt(lane, position, read, 7);
        when(request.isBehindIn(read)).thenReturn(true);
        assertTrue(lanes.runOnce(lane));
        verify(queue).nothingAt(lane, position, new BitSet(), 7);
    }
}
