package com.opengrail.kafka.sse.internal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.KafkaCluster;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.Test;

/** What a real consumer tells. */
class BatchReaderIT {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int POLLS = 200;
    private static final int FETCH_BYTES = 1024 * 1024;

    /** Otherwise each turn of a client that nothing can be read for takes as long as silent brokers may. */
    @Test
    void shouldKnowThatItIsAtTheEndOfALogOfABrokerWithoutLogIns() {
        KafkaBroker broker = KafkaBroker.shared();
        String topic = broker.topics().create("it-end", 1);
        broker.topics().produce(topic, "k", "only");
        Map<String, Object> given = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        try (KafkaCluster cluster = new KafkaCluster(given, null, EngineThreads.ofCaller(), "end", System::nanoTime);
                Consumer<byte[], byte[]> consumer = cluster.newReplayConsumer("end", 10, FETCH_BYTES, () -> {})) {
            TopicWatch topics = new TopicWatch(List.of(topic), cluster, TimeUnit.SECONDS.toNanos(10), System::nanoTime);
            topics.ask();
            EventNames names = new EventNames(EventFilter.all());
            MapperChain unused = mock(MapperChain.class);
            BatchReader reader = new BatchReader(consumer, unused, names, new Counters(), System::nanoTime);
            Position end = new Position(topics.layout(), new long[] {1});
            reader.moveTo(end, topics);
            int polls = 0;
            while (!reader.isAtEnd() && polls < POLLS) {
                assertEquals(end, reader.read(end, POLL).end());
                polls++;
            }
            assertTrue(polls < POLLS, "after " + POLLS + " polls it does not know that there is no more");
        }
    }
}
