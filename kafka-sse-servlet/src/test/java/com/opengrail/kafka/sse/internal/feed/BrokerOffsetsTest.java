package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.ArgumentMatchers.anyMap;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BrokerOffsetsTest {
    private static final TopicPartition PARTITION = new TopicPartition("orders", 0);
    private static final Start SINCE = new Start.Since(Instant.EPOCH);

    @SuppressWarnings("unchecked")
    private final Consumer<byte[], byte[]> consumer = mock(Consumer.class);

    private final BrokerOffsets brokers = new BrokerOffsets(
            consumer, new Layout(List.of(new Layout.Topic("orders", Uuid.ONE_UUID, 1))), Duration.ZERO);

    private long end = 5;

    @BeforeEach
    void answerWithTheEnd() {
        when(consumer.endOffsets(anyCollection(), any())).thenAnswer(asked -> Map.of(PARTITION, end));
    }

    private void answerWithTime(OffsetAndTimestamp found, int producedMeanwhile) {
        when(consumer.offsetsForTimes(anyMap(), any())).thenAnswer(asked -> {
            end += producedMeanwhile;
            Map<TopicPartition, OffsetAndTimestamp> answer = new HashMap<>();
            answer.put(PARTITION, found);
            return answer;
        });
    }

    @Test
    void shouldNotSkipWhatIsProducedWhileTheBrokersAreAskedForATime() {
        answerWithTime(null, 1);
        assertEquals(5, brokers.next(SINCE, PARTITION));
    }

    @Test
    void shouldNotGoPastTheEndThatItKnowsForATime() {
        answerWithTime(new OffsetAndTimestamp(7, 0), 3);
        assertEquals(5, brokers.next(SINCE, PARTITION));
    }

    @Test
    void shouldStartAtTheFirstRecordOfATime() {
        answerWithTime(new OffsetAndTimestamp(2, 0), 0);
        assertEquals(2, brokers.next(SINCE, PARTITION));
    }

    @Test
    void shouldAskForTheLatestTimeThereIsInsteadOfOneBeyondIt() {
        answerWithTime(null, 0);
        assertEquals(5, brokers.next(new Start.Since(Instant.MAX), PARTITION));
        verify(consumer).offsetsForTimes(Map.of(PARTITION, Long.MAX_VALUE), Duration.ZERO);
    }
}
