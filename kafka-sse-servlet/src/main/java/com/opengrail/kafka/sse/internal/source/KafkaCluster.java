package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.apache.kafka.common.utils.Utils;
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
    private static final int USUAL_REQUEST_MILLIS = 30_000;
    private static final int USUAL_API_MILLIS = 60_000;
    private static final int LONGEST_REQUEST_MILLIS = 3_600_000;

    /** A consumer writes a dozen lines to the log in its life. What it logs in with may be another thing at each look. */
    private static final long YOUNG_NANOS = Duration.ofSeconds(45).toNanos();

    /** Of admin clients. A new one writes some lines to the log, so it is not made more often than once a minute. */
    private static final long USUAL_IDLE_MILLIS = 300_000;

    private static final long LEAST_IDLE_MILLIS = 75_000;

    private static final long RECONNECT_MILLIS = 5_000;

    /**
     * Streams go on without the admin client in a short absence of the brokers, so it may be slower and log less. It writes two
     * lines for each broker that it tries, and five for a log-in that is refused.
     */
    private static final long ADMIN_RECONNECT_MILLIS = 15_000;

    private static final long ADMIN_RECONNECT_TO_SEVERAL_MILLIS = 30_000;
    private static final long ADMIN_LOG_IN_MILLIS = 40_000;

    private static final long LONGEST_RECONNECT_MILLIS = 25_000;

    /** A token is asked for once. Kafka's defaults ask seven times within ten seconds, and each time writes two lines. */
    private static final long TOKEN_RETRY_MILLIS = 0;

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
        this.properties = withDefaults(properties, RECONNECT_MILLIS);
        this.maker = new ClientMaker(nanoTime, this::noClient);
        this.mapperChains = mapperChains;
        this.threads = threads;
        this.nanoTime = nanoTime;
        Map<String, Object> ofAdmin = ofAdmin(withDefaults(properties, adminReconnectMillis(properties)));
        ofAdmin.putIfAbsent(AdminClientConfig.CLIENT_ID_CONFIG, adminId);
        keepQuestionsUntilTheNextLogIn(ofAdmin);
        this.logInPause = new LogInPause(logInPause(ofAdmin), logInPause(ofAdmin), nanoTime);
        List<String> bootstrapServers = bootstrapServers(properties);
        AtomicReference<Credentials> credentials = new AtomicReference<>();
        boolean startsFromOne = !isPlaintext(ofAdmin) && bootstrapServers.size() > 1;
        Supplier<Map<String, Object>> nextOfAdmin =
                startsFromOne ? startingFromOne(ofAdmin, bootstrapServers) : () -> ofAdmin;
        Supplier<Admin> newAdmin = () -> make(() -> {
            Credentials read = Credentials.read(ofAdmin);
            Admin made = Admin.create(nextOfAdmin.get());
            credentials.set(read);
            return made;
        });
        OwnedAdmin client = new OwnedAdmin(
                newAdmin, () -> threads.call(credentials.get()::haveChanged), idle(properties), nanoTime);
        BooleanSupplier mayStartElsewhere = () -> startsFromOne && wasReachable();
        this.admin = new SharedAdmin(client, isolation(properties), logInPause, mayStartElsewhere, nanoTime);
        this.probe = new BrokerProbe(() -> known(bootstrapServers), client::outdated, nanoTime);
    }

    /** Properties for one admin client after the other, each of which is told of one server. */
    private static Supplier<Map<String, Object>> startingFromOne(Map<String, Object> ofAdmin, List<String> servers) {
        int index = ThreadLocalRandom.current().nextInt(servers.size());
        FirstServer first = new FirstServer(servers, index, BrokerProbe::accepts);
        return () -> {
            Map<String, Object> next = new HashMap<>(ofAdmin);
            next.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, first.next());
            return next;
        };
    }

    private boolean wasReachable() {
        return probe.wasReachable();
    }

    private Set<String> known(List<String> bootstrapServers) {
        Set<String> servers = new LinkedHashSet<>(bootstrapServers);
        servers.addAll(admin.brokers());
        return servers;
    }

    /** Somewhat less than the time after which the admin client connects again; a new client connects at once. */
    private static Duration logInPause(Map<String, Object> ofAdmin) {
        long reconnect = number(ofAdmin, CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, 0);
        return Duration.ofMillis(Math.max(0, reconnect * 4 / 5 - SharedAdmin.ANSWER_MILLIS));
    }

    /** None if only Kafka's clients can tell them. */
    private static List<String> bootstrapServers(Map<String, Object> given) {
        Object brokers = given.getOrDefault(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "");
        return References.isReference(brokers)
                ? List.of()
                : Arrays.stream(brokers.toString().split(","))
                        .map(String::trim)
                        .filter(server -> Utils.getHost(server) != null)
                        .toList();
    }

    /** Somewhat less than the time after which Kafka's clients or brokers close connections. */
    private static Duration idle(Map<String, Object> given) {
        long most = number(given, CommonClientConfigs.CONNECTIONS_MAX_IDLE_MS_CONFIG, USUAL_IDLE_MILLIS);
        long bounded = most < 0 ? USUAL_IDLE_MILLIS : Math.max(LEAST_IDLE_MILLIS, Math.min(USUAL_IDLE_MILLIS, most));
        return Duration.ofMillis(bounded * 4 / 5);
    }

    private static long adminReconnectMillis(Map<String, Object> given) {
        if (!isPlaintext(given)) {
            return ADMIN_LOG_IN_MILLIS;
        }
        Object brokers = given.getOrDefault(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "");
        return brokers.toString().contains(",") ? ADMIN_RECONNECT_TO_SEVERAL_MILLIS : ADMIN_RECONNECT_MILLIS;
    }

    private static boolean isPlaintext(Map<String, Object> given) {
        String plain = SecurityProtocol.PLAINTEXT.name;
        Object protocol = given.getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, plain);
        return protocol.toString().trim().equalsIgnoreCase(plain);
    }

    /**
     * After a log-in that failed, the client tries again as long as it wants to know the brokers. It gives that up after the
     * time of a request, which so has to be longer than the pause between log-ins. If it also wants to know them from time to
     * time, it has one more such request after each log-in, and writes a line for each of them when it gives it up.
     */
    private static void keepQuestionsUntilTheNextLogIn(Map<String, Object> ofAdmin) {
        long reconnect = number(ofAdmin, CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, ADMIN_LOG_IN_MILLIS);
        int millis = (int) Math.max(USUAL_REQUEST_MILLIS, Math.min(LONGEST_REQUEST_MILLIS, reconnect * 1.5));
        ofAdmin.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        ofAdmin.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.max(USUAL_API_MILLIS, millis));
        ofAdmin.put(AdminClientConfig.METADATA_MAX_AGE_CONFIG, Long.MAX_VALUE);
    }

    /**
     * Changes defaults of Kafka's clients for the time when brokers or token servers are unreachable. By default they try
     * again up to twenty times per second. They also start over with the bootstrap servers hundreds of times, and log lines
     * each time.
     */
    private static Map<String, Object> withDefaults(Map<String, Object> given, long reconnectMillis) {
        Map<String, Object> all = new HashMap<>(given);
        all.putIfAbsent(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
        if (!given.containsKey(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG)
                && !given.containsKey(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG)) {
            all.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, reconnectMillis);
            all.put(
                    CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                    Math.max(reconnectMillis, LONGEST_RECONNECT_MILLIS));
        }
        Object mechanism = given.getOrDefault(SaslConfigs.SASL_MECHANISM, "");
        if (mechanism.toString().trim().equals(OAuthBearerLoginModule.OAUTHBEARER_MECHANISM)
                && !given.containsKey(SaslConfigs.SASL_LOGIN_RETRY_BACKOFF_MS)
                && !given.containsKey(SaslConfigs.SASL_LOGIN_RETRY_BACKOFF_MAX_MS)) {
            all.put(SaslConfigs.SASL_LOGIN_RETRY_BACKOFF_MS, TOKEN_RETRY_MILLIS);
            all.put(SaslConfigs.SASL_LOGIN_RETRY_BACKOFF_MAX_MS, TOKEN_RETRY_MILLIS);
        }
        return Map.copyOf(all);
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

    /** A number as it is given. If it is not given, or as a reference, it is the usual one. */
    private static long number(Map<String, Object> given, String name, long usual) {
        Object value = given.getOrDefault(name, usual);
        return References.isReference(value)
                ? usual
                : Long.parseLong(value.toString().trim());
    }

    private Consumer<byte[], byte[]> newConsumer(
            String clientId, Map<String, Object> ofConsumer, Runnable metadataChanged) {
        ofConsumer.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        return make(() -> {
            Credentials read = Credentials.read(ofConsumer);
            long madeAt = nanoTime.getAsLong();
            return new ClusterConsumer(
                    ofConsumer,
                    metadataChanged,
                    () -> nanoTime.getAsLong() - madeAt >= YOUNG_NANOS && read.haveChanged());
        });
    }

    private NoClientException noClient(KafkaException cause) {
        try {
            return new NoClientException(cause, threads.call(() -> References.hider(properties, cause)));
        } catch (RuntimeException e) {
            LOG.debug("Cannot tell what the settings refer to", e);
            return new NoClientException(cause);
        }
    }

    private <T> T make(Supplier<T> client) {
        return maker.make(() -> threads.call(client));
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
        long millis = number(properties, ConsumerConfig.METADATA_MAX_AGE_CONFIG, LONGEST_TOPIC_CHECK_MILLIS);
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
        return (int)
                number(properties, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, ConsumerConfig.DEFAULT_MAX_POLL_RECORDS);
    }

    /** Lets go of the brokers; asking fails from then on. */
    @Override
    public void close() {
        admin.close();
    }

    @Override
    public Duration silentAfter() {
        return LATE.plusMillis(number(properties, ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, USUAL_FETCH_WAIT_MILLIS));
    }

    @Override
    public MapperChain newMapperChain() {
        return maker.make(mapperChains);
    }
}
