package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka cluster as the settings describe it.
 *
 * <p>Threads: safe.
 */
public final class KafkaCluster implements KafkaSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaCluster.class);

    private static final long LONGEST_TOPIC_CHECK_MILLIS = 5_000;

    /** How late an answer may be without being missed, and how long a broker holds back a fetch that finds nothing. */
    private static final Duration LATE = Duration.ofSeconds(10);

    private static final int USUAL_FETCH_WAIT_MILLIS = 500;

    /** A consumer writes a dozen lines to the log in its life. What it logs in with may be another thing at each look. */
    private static final long YOUNG_NANOS = Duration.ofSeconds(45).toNanos();

    private static final long RECONNECT_MILLIS = 5_000;

    /**
     * Kafka's client logs in again by itself, and does not say when. Until then a question costs no connection, but a look at the
     * credentials.
     */
    private static final Duration BEFORE_LOG_IN = Duration.ofSeconds(3);

    private final Map<String, Object> properties;
    private final Supplier<MapperChain> mapperChains;
    private final LogInPause logInPause;
    private final SharedAdmin admin;
    private final BrokerProbe probe;
    private final EngineThreads threads;
    private final ClientMaker maker;
    private final LongSupplier nanoTime;

    /**
     * A cluster.
     *
     * @param properties of the consumers
     * @param mapperChains gives each reading thread what makes events of the records
     * @param threads with whose class loader the clients of Kafka are made
     * @param adminId the client id of the admin client, unless the properties have one
     * @param nanoTime measures how long something takes
     */
    public KafkaCluster(
            Map<String, Object> properties,
            Supplier<MapperChain> mapperChains,
            EngineThreads threads,
            String adminId,
            LongSupplier nanoTime) {
        this.properties = ClientProperties.withDefaults(properties, RECONNECT_MILLIS);
        this.maker = new ClientMaker(nanoTime, this::noClient);
        this.mapperChains = mapperChains;
        this.threads = threads;
        this.nanoTime = nanoTime;
        AdminMaker admins = new AdminMaker(properties, adminId, maker, threads);
        this.logInPause = new LogInPause(admins.logInPause(), admins.logInPause(), BEFORE_LOG_IN, nanoTime);
        OwnedAdmin client = new OwnedAdmin(admins, admins.idle(), nanoTime);
        this.admin = new SharedAdmin(client, isolation(properties), logInPause, nanoTime);
        List<String> bootstrapServers = ClientProperties.bootstrapServers(properties);
        this.probe = new BrokerProbe(() -> known(bootstrapServers), client::outdated, nanoTime);
    }

    private Set<String> known(List<String> bootstrapServers) {
        Set<String> servers = new LinkedHashSet<>(bootstrapServers);
        servers.addAll(admin.brokers());
        return servers;
    }

    @Override
    public Consumer<byte[], byte[]> newConsumer(String clientId, int fetchBytes, Runnable metadataChanged) {
        return newConsumer(clientId, fetchingAtMost(fetchBytes, properties), metadataChanged);
    }

    /**
     * Properties of a consumer whose fetches are no larger than this, or smaller where the given ones say so. A reference
     * to a configuration provider stays, since only the consumer resolves it.
     */
    static Map<String, Object> fetchingAtMost(int bytes, Map<String, Object> given) {
        Object usual = ConsumerConfig.DEFAULT_FETCH_MAX_BYTES;
        Object most = given.getOrDefault(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, usual);
        Map<String, Object> all = new HashMap<>(given);
        if (!References.isReference(most)) {
            all.put(
                    ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                    Math.min(bytes, Integer.parseInt(most.toString().trim())));
        }
        return all;
    }

    private Consumer<byte[], byte[]> newConsumer(
            String clientId, Map<String, Object> ofConsumer, Runnable metadataChanged) {
        ofConsumer.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        return maker.make(() -> threads.call(() -> {
            Credentials read = Credentials.read(ofConsumer);
            long madeAt = nanoTime.getAsLong();
            return new ClusterConsumer(
                    ofConsumer,
                    metadataChanged,
                    () -> nanoTime.getAsLong() - madeAt >= YOUNG_NANOS && read.haveChanged());
        }));
    }

    private NoClientException noClient(KafkaException cause) {
        try {
            return new NoClientException(cause, threads.call(() -> References.hider(properties, cause)));
        } catch (RuntimeException e) {
            LOG.debug("Cannot tell what the settings refer to", e);
            return new NoClientException(cause);
        }
    }

    @Override
    public Consumer<byte[], byte[]> newReplayConsumer(
            String clientId, int maxRecords, int fetchBytes, Runnable metadataChanged) {
        // The admin client tries, on behalf of all: each attempt of each client writes lines to the log.
        logInPause.requireLogIn();
        Map<String, Object> ofConsumer = fetchingAtMost(fetchBytes, properties);
        ofConsumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxRecords);
        return newConsumer(clientId, ofConsumer, metadataChanged);
    }

    /** How often to ask the brokers about topics: as often as consumers do, and often enough for recreated topics. */
    public Duration topicCheck() {
        long millis =
                ClientProperties.number(properties, ConsumerConfig.METADATA_MAX_AGE_CONFIG, LONGEST_TOPIC_CHECK_MILLIS);
        return Duration.ofMillis(Math.min(LONGEST_TOPIC_CHECK_MILLIS, millis));
    }

    /** A reference counts as committed: the end of what is committed is one that every consumer reaches. */
    static IsolationLevel isolation(Map<String, Object> properties) {
        Object level = properties.getOrDefault(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        boolean isUncommitted = level.toString().trim().equalsIgnoreCase("read_uncommitted");
        return isUncommitted ? IsolationLevel.READ_UNCOMMITTED : IsolationLevel.READ_COMMITTED;
    }

    @Override
    public CompletionStage<Description> describe(List<String> topics) {
        return admin.describe(topics);
    }

    @Override
    public CompletionStage<LogOffsets> offsets(OffsetQuestion question) {
        return admin.offsets(question);
    }

    @Override
    public CompletionStage<Long> unstableRecords(OffsetQuestion question) {
        return admin.unstableRecords(question);
    }

    @Override
    public boolean isReachable() {
        return probe.isReachable();
    }

    @Override
    public boolean isOutdatedBy(Consumer<?, ?> consumer, Throwable failure) {
        return failure instanceof AuthenticationException
                && consumer instanceof ClusterConsumer made
                && threads.call(made::isOutdated);
    }

    @Override
    public int maxPollRecords() {
        return (int) ClientProperties.number(
                properties, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, ConsumerConfig.DEFAULT_MAX_POLL_RECORDS);
    }

    /** Lets go of the brokers; asking fails from then on. */
    @Override
    public void close() {
        admin.close();
    }

    @Override
    public Duration silentAfter() {
        return LATE.plusMillis(
                ClientProperties.number(properties, ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, USUAL_FETCH_WAIT_MILLIS));
    }

    @Override
    public MapperChain newMapperChain() {
        return maker.make(mapperChains);
    }
}
