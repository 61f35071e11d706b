package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one admin client of a cluster after the other. Streams go on without it for a while, so that its pauses are longer than
 * those of consumers.
 *
 * <p>Threads: one at a time makes a client; the rest is safe.
 */
final class AdminMaker implements OwnedAdmin.Maker {
    private static final Logger LOG = LoggerFactory.getLogger(AdminMaker.class);

    private static final int USUAL_REQUEST_MILLIS = 30_000;
    private static final int USUAL_API_MILLIS = 60_000;
    private static final int LONGEST_REQUEST_MILLIS = 3_600_000;

    /** A new client writes some lines to the log, so it is not made more often than once a minute. */
    private static final long USUAL_IDLE_MILLIS = 300_000;

    private static final long LEAST_IDLE_MILLIS = 75_000;

    /** A client writes two lines to the log for each broker that it tries, and five for a log-in that is refused. */
    private static final long RECONNECT_MILLIS = 15_000;

    private static final long RECONNECT_TO_SEVERAL_MILLIS = 30_000;
    private static final long LOG_IN_MILLIS = 40_000;

    private final Map<String, Object> properties;
    private final ClientMaker maker;
    private final EngineThreads threads;
    private final FirstServer first =
            new FirstServer(ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE - 1), BrokerProbe::accepts);

    /** What the last client has read, and whether it was told of one server of several. */
    private volatile Credentials credentials;

    private volatile boolean hasToldOne;

    /**
     * For the cluster of some consumers.
     *
     * @param ofConsumers their properties
     * @param clientId unless the properties have one
     */
    AdminMaker(Map<String, Object> ofConsumers, String clientId, ClientMaker maker, EngineThreads threads) {
        Map<String, Object> ofAdmin = ofAdmin(ClientProperties.withDefaults(ofConsumers, reconnectMillis(ofConsumers)));
        ofAdmin.putIfAbsent(AdminClientConfig.CLIENT_ID_CONFIG, clientId);
        limitRequests(ofAdmin);
        this.properties = Map.copyOf(ofAdmin);
        this.maker = maker;
        this.threads = threads;
    }

    /** Where clients log in, each is told of one server unless it has to be told of all. */
    @Override
    public Admin make(boolean ofAll) {
        return maker.make(() -> threads.call(() -> create(ofAll)));
    }

    private Admin create(boolean ofAll) {
        Credentials read = Credentials.read(properties);
        Map<String, Object> told = ofAll ? properties : toldOne();
        Admin made = Admin.create(told);
        credentials = read;
        hasToldOne = told != properties;
        return made;
    }

    /** The properties with one of several servers, if clients log in and it accepts connections. */
    Map<String, Object> toldOne() {
        if (ClientProperties.isPlaintext(properties)) {
            return properties;
        }
        return first.next(servers())
                .map(server -> {
                    Map<String, Object> told = new HashMap<>(properties);
                    told.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, server);
                    return told;
                })
                .orElse(properties);
    }

    private List<String> servers() {
        try {
            Object given = properties.getOrDefault(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "");
            return ClientProperties.bootstrapServers(
                    References.isReference(given) ? References.resolve(properties) : properties);
        } catch (RuntimeException e) {
            LOG.debug("Cannot tell the servers yet", e);
            return List.of();
        }
    }

    @Override
    public boolean hasToldOne() {
        return hasToldOne;
    }

    @Override
    public boolean haveCredentialsChanged() {
        return threads.call(credentials::haveChanged);
    }

    /** Somewhat less than the time after which a client connects again; a new client connects at once. */
    Duration logInPause() {
        long reconnect = ClientProperties.number(properties, CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, 0);
        return Duration.ofMillis(Math.max(0, reconnect * 4 / 5 - SharedAdmin.ANSWER_MILLIS));
    }

    /** Somewhat less than the time after which Kafka's clients or brokers close connections. */
    Duration idle() {
        long most = ClientProperties.number(
                properties, CommonClientConfigs.CONNECTIONS_MAX_IDLE_MS_CONFIG, USUAL_IDLE_MILLIS);
        long bounded = most < 0 ? USUAL_IDLE_MILLIS : Math.max(LEAST_IDLE_MILLIS, Math.min(USUAL_IDLE_MILLIS, most));
        return Duration.ofMillis(bounded * 4 / 5);
    }

    private static long reconnectMillis(Map<String, Object> given) {
        if (!ClientProperties.isPlaintext(given)) {
            return LOG_IN_MILLIS;
        }
        Object brokers = given.getOrDefault(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "");
        return brokers.toString().contains(",") ? RECONNECT_TO_SEVERAL_MILLIS : RECONNECT_MILLIS;
    }

    /**
     * When connections fail, the client tries again as long as it wants to know the brokers. It gives that up after the time of
     * a request. Where the protocol is not PLAINTEXT, that is longer than the pause between log-ins: after one that was refused it
     * would never try again. Elsewhere it is as long as a question waits, by default less than the pause between attempts. So
     * the client connects only if somebody asks.
     *
     * <p>If the client also wants to know the brokers from time to time, it has one more such request after each log-in, and
     * writes a line for each of them when it gives it up.
     */
    private static void limitRequests(Map<String, Object> ofAdmin) {
        long reconnect =
                ClientProperties.number(ofAdmin, CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, LOG_IN_MILLIS);
        int millis = ClientProperties.isPlaintext(ofAdmin)
                ? SharedAdmin.ANSWER_MILLIS
                : (int) Math.max(USUAL_REQUEST_MILLIS, Math.min(LONGEST_REQUEST_MILLIS, reconnect * 1.5));
        ofAdmin.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        ofAdmin.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.max(USUAL_API_MILLIS, millis));
        ofAdmin.put(AdminClientConfig.METADATA_MAX_AGE_CONFIG, Long.MAX_VALUE);
    }

    /**
     * The properties of an admin client: all but those that the consumer alone has. Properties that Kafka does not know are
     * those of config providers, log-in modules and callback handlers.
     */
    private static Map<String, Object> ofAdmin(Map<String, Object> properties) {
        Map<String, Object> ofAdmin = new HashMap<>(properties);
        Set<String> ofConsumer = new HashSet<>(ConsumerConfig.configNames());
        ofConsumer.removeAll(AdminClientConfig.configNames());
        ofAdmin.keySet().removeAll(ofConsumer);
        return ofAdmin;
    }
}
