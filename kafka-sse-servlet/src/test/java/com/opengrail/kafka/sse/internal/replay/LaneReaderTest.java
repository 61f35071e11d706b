package com.opengrail.kafka.sse.internal.replay;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.cursor.Replay;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import java.util.List;
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
}
