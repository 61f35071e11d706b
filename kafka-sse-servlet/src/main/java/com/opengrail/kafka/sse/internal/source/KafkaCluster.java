package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.SseEventMapper;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A Kafka cluster as the settings describe it.
 *
 * <p>Threads: safe.
 */
public final class KafkaCluster implements KafkaSource {
    private static final long LONGEST_TOPIC_CHECK_MILLIS = 5_000;

    /** How late an answer may be without being missed, and how long a broker holds back a fetch that finds nothing. */
    private static final Duration LATE = Duration.ofSeconds(10);

    private static final int USUAL_FETCH_WAIT_MILLIS = 500;

    private final Map<String, Object> properties;
    private final boolean defaultMapper;
    private final SseEventMapper mappers;
    private final Deserializers deserializers;
    private final ReservedNames reserved;
    private final MappingFailures failures;
    private final SharedAdmin admin;

    /**
     * A cluster.
     *
     * @param properties of the consumers
     * @param defaultMapper whether the chain of mappers begins with the default mapper
     * @param mappers the mappers that follow
     * @param deserializers give what the mappers are to see
     * @param reserved the event names that records may not have
     * @param failures is told of the records that are skipped
     */
    public KafkaCluster(
            Map<String, Object> properties,
            boolean defaultMapper,
            List<SseEventMapper> mappers,
            Deserializers deserializers,
            ReservedNames reserved,
            MappingFailures failures) {
        this.properties = Map.copyOf(properties);
        this.defaultMapper = defaultMapper;
        this.mappers = mappers.stream().reduce(SseEventMapper::andThen).orElse(null);
        this.deserializers = deserializers;
        this.reserved = reserved;
        this.failures = failures;
        this.admin = new SharedAdmin(() -> Admin.create(ofAdmin(properties)), isolation(properties));
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

    /** How often the brokers are to be asked about topics: as often as consumers do, and often enough for topics made anew. */
    public Duration topicCheck() {
        Object maxAge = properties.get(ConsumerConfig.METADATA_MAX_AGE_CONFIG);
        long millis = maxAge == null
                ? Long.MAX_VALUE
                : Long.parseLong(maxAge.toString().trim());
        return Duration.ofMillis(Math.min(LONGEST_TOPIC_CHECK_MILLIS, millis));
    }

    /**
     * The properties for the admin client: all but those that the consumer alone has. Properties that Kafka does not know are
     * those of config providers, log-in modules and callback handlers.
     */
    private static Map<String, Object> ofAdmin(Map<String, Object> properties) {
        Map<String, Object> ofAdmin = new HashMap<>(properties);
        Set<String> ofConsumer = new HashSet<>(ConsumerConfig.configNames());
        ofConsumer.removeAll(AdminClientConfig.configNames());
        ofAdmin.keySet().removeAll(ofConsumer);
        return ofAdmin;
    }

    private static IsolationLevel isolation(Map<String, Object> properties) {
        Object level = properties.getOrDefault(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        boolean isCommitted = level.toString().trim().equalsIgnoreCase("read_committed");
        return isCommitted ? IsolationLevel.READ_COMMITTED : IsolationLevel.READ_UNCOMMITTED;
    }

    @Override
    public CompletionStage<Layout> describe(List<String> topics) {
        return admin.describe(topics);
    }

    @Override
    public CompletionStage<LogOffsets> offsets(OffsetQuestion question) {
        return admin.offsets(question);
    }

    @Override
    public void close() {
        admin.close();
    }

    @Override
    public Duration silentAfter() {
        Object wait = properties.getOrDefault(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, USUAL_FETCH_WAIT_MILLIS);
        return LATE.plusMillis(Long.parseLong(wait.toString().trim()));
    }

    @Override
    public MapperChain newMapperChain() {
        return new MapperChain(
                defaultMapper, mappers, deserializers.ofKeys(), deserializers.ofValues(), reserved, failures);
    }
}
