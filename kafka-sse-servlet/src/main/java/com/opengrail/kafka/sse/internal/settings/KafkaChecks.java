package com.opengrail.kafka.sse.internal.settings;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.Login;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * What Kafka checks only when a client is made. Without these checks a deployment would go well, and no stream ever get an event.
 * Files are not looked at: they may be there later.
 */
final class KafkaChecks {
    /** What the classes must implement, by the properties that name them. */
    private static final Map<String, Class<?>> TYPES = Map.of(
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, Deserializer.class,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, Deserializer.class,
            ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, ConsumerInterceptor.class,
            ConsumerConfig.METRIC_REPORTER_CLASSES_CONFIG, MetricsReporter.class,
            SaslConfigs.SASL_LOGIN_CLASS, Login.class,
            SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS, AuthenticateCallbackHandler.class,
            SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS, AuthenticateCallbackHandler.class,
            SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, SslEngineFactory.class);

    private static final String PROVIDERS = ConsumerConfig.CONFIG_PROVIDERS_CONFIG;
    private static final Pattern PROVIDER_CLASS = Pattern.compile("config\\.providers\\.(.+)\\.class");
    private static final Pattern NAME = Pattern.compile(" for configuration ([\\w.-]+)");

    /** Times that are over at once if they are 0, which Kafka's own checks allow. */
    private static final List<String> TIMES = List.of(
            CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
            CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG,
            CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG);

    private final CheckedProperties properties;
    private final Map<String, Object> values;

    private KafkaChecks(CheckedProperties properties) {
        this.properties = properties;
        this.values = properties.values();
    }

    /**
     * Checks properties of which each alone may be well.
     *
     * @param values as clients get them
     * @param unknown whose values are wrong, or filled in by config providers later
     * @param faults is told the property and what is wrong with it
     */
    static void check(Map<String, Object> values, Set<String> unknown, BiConsumer<String, String> faults) {
        CheckedProperties properties = new CheckedProperties(values, unknown, faults);
        KafkaChecks checks = new KafkaChecks(properties);
        properties.values().forEach(checks::checkClasses);
        LogInChecks.check(properties);
        TlsChecks.check(properties);
        DeserializerChecks.check(properties);
        checks.checkTimes();
    }

    /** As {@link #check}, with Kafka's own checks of several properties together. They connect to nothing and log no values. */
    static void checkTogether(Map<String, Object> values, Set<String> unknown, BiConsumer<String, String> faults) {
        Map<String, Object> plain = new CheckedProperties(values, unknown, faults).values();
        plain.keySet().removeIf(name -> name.startsWith(PROVIDERS));
        // Kafka insists on these two, which may be filled in later.
        plain.putIfAbsent(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        plain.putIfAbsent(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        try {
            new Unlogged(plain);
        } catch (ConfigException e) {
            Matcher name = NAME.matcher(String.valueOf(e.getMessage()));
            String property = name.find() ? name.group(1) : "";
            faults.accept(property, KafkaProperties.reason(e, property));
        }
    }

    private void checkClasses(String name, Object value) {
        Class<?> type = TYPES.getOrDefault(name, isProvider(name) ? ConfigProvider.class : null);
        if (type == null) {
            return;
        }
        for (Object one : CheckedProperties.elements(value)) {
            NamedClass.faultOf(one, type).ifPresent(fault -> properties.refuse(name, fault));
        }
    }

    private boolean isProvider(String name) {
        Matcher provider = PROVIDER_CLASS.matcher(name);
        return provider.matches()
                && CheckedProperties.elements(values.getOrDefault(PROVIDERS, ""))
                        .contains(provider.group(1));
    }

    private void checkTimes() {
        for (String name : TIMES) {
            Optional<Long> millis = millis(name);
            if (values.containsKey(name) && millis.isPresent() && millis.get() == 0) {
                properties.refuse(name, "Value must be at least 1");
            }
        }
        String whole = CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG;
        String each = CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG;
        Optional<Long> most = millis(whole);
        Optional<Long> ofEach = millis(each);
        if (values.containsKey(whole) && most.isPresent() && ofEach.isPresent() && most.get() < ofEach.get()) {
            properties.refuse(whole, "Value must be at least that of " + each + ", which is " + ofEach.get());
        }
    }

    /** A time as it is given, else Kafka's default; empty if it is not valid. */
    private Optional<Long> millis(String name) {
        if (properties.unknown().contains(name)) {
            return Optional.empty();
        }
        Object value = values.getOrDefault(
                name, ConsumerConfig.configDef().configKeys().get(name).defaultValue);
        try {
            return Optional.of(Long.parseLong(value.toString().trim()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static final class Unlogged extends ConsumerConfig {
        Unlogged(Map<String, Object> values) {
            super(values, false);
        }
    }
}
