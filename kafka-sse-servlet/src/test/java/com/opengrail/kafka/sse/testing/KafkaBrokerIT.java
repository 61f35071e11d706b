package com.opengrail.kafka.sse.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaBrokerIT {

    @Test
    void records_survive_a_killed_broker(@TempDir Path folder) {
        try (KafkaBroker broker = KafkaBroker.start(folder.resolve("broker"), 0)) {
            String topic = broker.topics().create("survivor", 1);
            broker.topics().produce(topic, "customer", "before");
            assertEquals(List.of("customer=before"), read(broker, topic, 1));

            broker.kill();
            assertFalse(JavaProcess.listening(broker.port()));

            broker.restart();
            assertEquals(1, broker.topics().produce(topic, "customer", "after").offset());
            assertEquals(List.of("customer=before", "customer=after"), read(broker, topic, 2));
        }
        assertFalse(folder.resolve("broker").toFile().exists());
    }

    @Test
    void the_broker_of_the_run_is_one_and_stays() {
        KafkaBroker broker = KafkaBroker.shared();
        assertSame(broker, KafkaBroker.shared());
        assertThrows(IllegalStateException.class, broker::kill);
        broker.close();
        assertTrue(JavaProcess.listening(broker.port()));
    }

    private static List<String> read(KafkaBroker broker, String topic, int records) {
        List<String> read = new ArrayList<>();
        Map<String, Object> settings = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (read.size() < records && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    read.add(record.key() + "=" + record.value());
                }
            }
        }
        return read;
    }
}
