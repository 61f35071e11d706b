package com.opengrail.kafka.sse.internal.source;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.apache.kafka.common.utils.Utils;

/** What properties of Kafka's clients say, and what they say here where an operator says nothing. */
final class ClientProperties {
    private static final long LONGEST_RECONNECT_MILLIS = 25_000;

    /** A token is asked for once. Kafka's defaults ask seven times within ten seconds, and each time writes two lines. */
    private static final long TOKEN_RETRY_MILLIS = 0;

    private ClientProperties() {}

    /**
     * Changes defaults of Kafka's clients for the time when brokers or token servers are unreachable. By default they try
     * again up to twenty times per second. They also start over with the bootstrap servers hundreds of times, and log lines
     * each time.
     */
    static Map<String, Object> withDefaults(Map<String, Object> given, long reconnectMillis) {
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

    /** A number as it is given. If it is not given, or as a reference, it is the usual one. */
    static long number(Map<String, Object> given, String name, long usual) {
        Object value = given.getOrDefault(name, usual);
        return References.isReference(value)
                ? usual
                : Long.parseLong(value.toString().trim());
    }

    /** None if only Kafka's clients can tell them. */
    static List<String> bootstrapServers(Map<String, Object> given) {
        Object brokers = given.getOrDefault(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "");
        return References.isReference(brokers)
                ? List.of()
                : Arrays.stream(brokers.toString().split(","))
                        .map(String::trim)
                        .filter(server -> Utils.getHost(server) != null)
                        .toList();
    }

    static boolean isPlaintext(Map<String, Object> given) {
        String plain = SecurityProtocol.PLAINTEXT.name;
        Object protocol = given.getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, plain);
        return protocol.toString().trim().equalsIgnoreCase(plain);
    }
}
