package com.opengrail.kafka.sse.testing;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.MappingFailures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** One topic with one partition in this process, without brokers. */
public final class FakeSource implements KafkaSource {
    private final String topic;
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private long next;

    public FakeSource(String topic) {
        this.topic = topic;
    }

    @Override
    public Consumer<byte[], byte[]> newConsumer(String clientId) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        offsets.put(new TopicPartition(topic, 0), 0L);
        consumer.updateBeginningOffsets(offsets);
        consumer.updateEndOffsets(offsets);
        return consumer;
    }

    @Override
    public Consumer<byte[], byte[]> newReplayConsumer(String clientId, int maxRecords) {
        throw new UnsupportedOperationException("nothing here is older than the window");
    }

    @Override
    public Layout describe(List<String> topics) {
        return new Layout(List.of(new Layout.Topic(topic, new Uuid(1, 2), 1)));
    }

    @Override
    public Duration silentAfter() {
        return Duration.ofSeconds(10);
    }

    @Override
    public MapperChain newMapperChain() {
        return new MapperChain(true, null, null, null, new MappingFailures(System::nanoTime));
    }

    /** Appends a record; the feed must have started. */
    public void produce(String key, String value) {
        byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        consumer.addRecord(new ConsumerRecord<>(topic, 0, next++, keyBytes, value.getBytes(StandardCharsets.UTF_8)));
    }
}
