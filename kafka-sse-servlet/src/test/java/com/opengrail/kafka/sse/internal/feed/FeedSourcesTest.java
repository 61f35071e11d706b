package com.opengrail.kafka.sse.internal.feed;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import com.opengrail.kafka.sse.internal.source.OffsetLookups;
import com.opengrail.kafka.sse.internal.source.OffsetQuestion;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.testing.NoReplays;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** What is of one feed holds up no other. */
class FeedSourcesTest {
    private static final int CLIENTS = 100;

    private final KafkaSource kafka = mock(KafkaSource.class);
    private final FeedSources sources = new FeedSources(
            kafka,
            new NoReplays(),
            "test",
            new Counters(),
            EngineThreads.ofCaller(),
            System::nanoTime,
            InstantSource.system());

    private record Client(int number) implements OffsetLookups.Asker {
        @Override
        public String payer() {
            return "192.0.2." + number;
        }

        @Override
        public void answered(LogOffsets offsets) {
            throw new IllegalStateException("answered by nobody");
        }

        @Override
        public void unanswered() {
            throw new IllegalStateException("answered by nobody");
        }
    }

    private static OffsetQuestion since(String topic, long instant) {
        return new OffsetQuestion(new Layout(List.of(new Layout.Topic(topic, new Uuid(1, 2), 1))), Set.of(), instant);
    }

    @Test
    void shouldAskForOffsetsOfOneTopicWhileBrokersDoNotAnswerForAnother() {
        when(kafka.offsets(any())).thenAnswer(call -> new CompletableFuture<>());
        OffsetLookups ofSick = sources.ofOneFeed().lookups();
        for (int i = 0; i < CLIENTS; i++) {
            ofSick.ask(since("sick", i), new Client(i));
        }
        OffsetQuestion ofWell = since("well", 0);
        sources.ofOneFeed().lookups().ask(ofWell, new Client(0));
        verify(kafka).offsets(ofWell);
    }
}
