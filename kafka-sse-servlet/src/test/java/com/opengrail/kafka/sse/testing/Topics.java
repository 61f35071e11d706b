package com.opengrail.kafka.sse.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What tests need of topics: names nobody else has, topics, records. Every call waits for the broker's answer. */
public final class Topics {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String bootstrapServers;

    public Topics(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** A new topic of that many partitions under a name that starts with the prefix. */
    public String create(String prefix, int partitions) {
        String topic = prefix + "-" + UUID.randomUUID();
        createNamed(topic, partitions);
        return topic;
    }

    public void createNamed(String topic, int partitions) {
        try (Admin admin = admin()) {
            await(admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture());
        }
    }

    /** Deletes a topic and waits until the broker does not know it any more. */
    public void delete(String topic) {
        try (Admin admin = admin()) {
            await(admin.deleteTopics(List.of(topic)).all().toCompletionStage().toCompletableFuture());
            Await.until("the topic's end", LIMIT, () -> !isKnown(admin, topic), () -> "a topic that stays");
        }
    }

    private static boolean isKnown(Admin admin, String topic) {
        return await(admin.listTopics().names().toCompletionStage().toCompletableFuture())
                .contains(topic);
    }

    /** For whatever else a test wants of the broker; the caller closes it. */
    public Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /**
     * Records without loss, repetition or change of order; the caller closes it. One request at a time: if the first to a
     * topic that has just been made is refused, those behind it are out of order for good.
     */
    public Producer<String, String> producer() {
        return producer(new StringSerializer());
    }

    private <V> Producer<String, V> producer(Serializer<V> values) {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1),
                new StringSerializer(),
                values);
    }

    /** Sends all and waits for all. Of a null partition the key decides. */
    public List<RecordMetadata> produce(List<ProducerRecord<String, String>> records) {
        try (Producer<String, String> producer = producer()) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ProducerRecord<String, String> record : records) {
                sent.add(producer.send(record));
            }
            return sent.stream().map(Topics::await).toList();
        }
    }

    public RecordMetadata produce(String topic, String key, String value) {
        return produce(List.of(new ProducerRecord<>(topic, key, value))).get(0);
    }

    /** A record whose value need not be text. */
    public RecordMetadata produceBytes(String topic, String key, byte[] value) {
        try (Producer<String, byte[]> producer = producer(new ByteArraySerializer())) {
            return await(producer.send(new ProducerRecord<>(topic, key, value)));
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the broker", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no good answer from the broker", e);
        }
    }
}
