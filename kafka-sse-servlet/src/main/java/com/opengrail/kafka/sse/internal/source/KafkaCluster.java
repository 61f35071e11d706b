package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.SseEventMapper;
import com.opengrail.kafka.sse.internal.position.Layout;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Utils;

/**
 * A Kafka cluster as the settings describe it.
 *
 * <p>Threads: safe.
 */
public final class KafkaCluster implements KafkaSource {
    private static final Duration ANSWER = Duration.ofSeconds(5);

    /** How late an answer may be without being missed, and how long a broker holds back a fetch that finds nothing. */
    private static final Duration LATE = Duration.ofSeconds(10);

    private static final int USUAL_FETCH_WAIT_MILLIS = 500;

    private final Map<String, Object> properties;
    private final boolean defaultMapper;
    private final SseEventMapper mappers;
    private final MappingFailures failures;

    /**
     * A cluster.
     *
     * @param properties of the consumers, with the deserializers that the mappers are to see
     * @param defaultMapper whether the chain of mappers begins with the default mapper
     * @param mappers the mappers that follow
     * @param failures is told of the records that are skipped
     */
    public KafkaCluster(
            Map<String, Object> properties,
            boolean defaultMapper,
            List<SseEventMapper> mappers,
            MappingFailures failures) {
        this.properties = Map.copyOf(properties);
        this.defaultMapper = defaultMapper;
        this.mappers = mappers.stream().reduce(SseEventMapper::andThen).orElse(null);
        this.failures = failures;
    }

    @Override
    public Consumer<byte[], byte[]> newConsumer(String clientId) {
        return newConsumer(clientId, new HashMap<>(properties));
    }

    private static Consumer<byte[], byte[]> newConsumer(String clientId, Map<String, Object> ofConsumer) {
        ofConsumer.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        return new KafkaConsumer<>(ofConsumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> newReplayConsumer(String clientId, int maxRecords) {
        Map<String, Object> ofConsumer = new HashMap<>(properties);
        ofConsumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxRecords);
        return newConsumer(clientId, ofConsumer);
    }

    @Override
    public Layout describe(List<String> topics) {
        Map<String, Object> ofAdmin = new HashMap<>(properties);
        ofAdmin.keySet().retainAll(AdminClientConfig.configNames());
        DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs((int) ANSWER.toMillis());
        Admin admin = Admin.create(ofAdmin);
        try {
            List<Layout.Topic> described = new ArrayList<>();
            for (KafkaFuture<TopicDescription> answer :
                    admin.describeTopics(topics, options).topicNameValues().values()) {
                TopicDescription topic = answer.get();
                described.add(new Layout.Topic(
                        topic.name(), topic.topicId(), topic.partitions().size()));
            }
            return new Layout(described);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    @Override
    public Duration silentAfter() {
        Object wait = properties.getOrDefault(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, USUAL_FETCH_WAIT_MILLIS);
        return LATE.plusMillis(Long.parseLong(wait.toString().trim()));
    }

    @Override
    public MapperChain newMapperChain() {
        return new MapperChain(
                defaultMapper, mappers, deserializer("key", true), deserializer("value", false), failures);
    }

    /** A deserializer, or {@code null} for the one of strings in UTF-8: its bytes need not be looked at. */
    private Deserializer<?> deserializer(String which, boolean isKey) {
        Object type = properties.getOrDefault(which + ".deserializer", StringDeserializer.class);
        if (isStringDeserializer(type) && isUtf8(which)) {
            return null;
        }
        try {
            Class<?> loaded = type instanceof Class<?> given
                    ? given
                    : Class.forName(type.toString(), true, Utils.getContextOrKafkaClassLoader());
            Deserializer<?> made =
                    (Deserializer<?>) loaded.getDeclaredConstructor().newInstance();
            made.configure(properties, isKey);
            return made;
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new KafkaException("Cannot make the " + which + " deserializer " + type, e);
        }
    }

    private static boolean isStringDeserializer(Object type) {
        return type == StringDeserializer.class
                || StringDeserializer.class.getName().equals(type);
    }

    /** The string deserializer has its encoding from these two properties, the special one first. */
    private boolean isUtf8(String which) {
        Object encoding = properties.get(which + ".deserializer.encoding");
        if (encoding == null) {
            encoding = properties.getOrDefault("deserializer.encoding", "UTF-8");
        }
        return Charset.forName(encoding.toString()).equals(StandardCharsets.UTF_8);
    }
}
