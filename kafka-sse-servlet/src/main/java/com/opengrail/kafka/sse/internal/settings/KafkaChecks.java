package com.opengrail.kafka.sse.internal.settings;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.auth.Login;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;

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

    private final Map<String, Object> values;
    private final Set<String> unknown;
    private final BiConsumer<String, String> faults;

    private KafkaChecks(Map<String, Object> values, Set<String> unknown, BiConsumer<String, String> faults) {
        this.values = new HashMap<>(values);
        this.values.keySet().removeAll(unknown);
        this.unknown = unknown;
        this.faults = faults;
    }

    /**
     * Checks properties of which each alone may be well.
     *
     * @param values as clients get them
     * @param unknown whose values are wrong, or filled in by config providers later
     * @param faults is told the property and what is wrong with it
     */
    static void check(Map<String, Object> values, Set<String> unknown, BiConsumer<String, String> faults) {
        KafkaChecks checks = new KafkaChecks(values, unknown, faults);
        checks.values.forEach(checks::checkClasses);
        checks.checkLogIn();
        checks.checkTimes();
    }

    /** As {@link #check}, with Kafka's own checks of several properties together. They connect to nothing and log no values. */
    static void checkTogether(Map<String, Object> values, Set<String> unknown, BiConsumer<String, String> faults) {
        Map<String, Object> plain = new KafkaChecks(values, unknown, faults).values;
        plain.keySet().removeIf(name -> name.startsWith(PROVIDERS));
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
        Collection<?> classes = value instanceof Collection<?> several ? several : Arrays.asList(split(value));
        for (Object one : classes) {
            faultOf(one, type).ifPresent(fault -> faults.accept(name, fault));
        }
    }

    private static Object[] split(Object value) {
        return value instanceof String text
                ? Arrays.stream(text.split(","))
                        .map(String::trim)
                        .filter(element -> !element.isEmpty())
                        .toArray()
                : new Object[] {value};
    }

    private boolean isProvider(String name) {
        Matcher provider = PROVIDER_CLASS.matcher(name);
        return provider.matches()
                && Arrays.asList(split(values.getOrDefault(PROVIDERS, ""))).contains(provider.group(1));
    }

    private static Optional<String> faultOf(Object given, Class<?> type) {
        try {
            return isUsable(load(given), type)
                    ? Optional.empty()
                    : Optional.of("it is not a public class with a public constructor without parameters that"
                            + " implements " + type.getName());
        } catch (ClassNotFoundException e) {
            return Optional.of("Class " + given + " could not be found.");
        } catch (LinkageError e) {
            return Optional.of("Class " + given + " cannot be loaded.");
        }
    }

    /** Loads it with the loader that Kafka uses. Its first use is left to Kafka: log-in modules register something then. */
    private static Class<?> load(Object given) throws ClassNotFoundException {
        return given instanceof Class<?> loaded
                ? loaded
                : Class.forName(given.toString().trim(), false, Utils.getContextOrKafkaClassLoader());
    }

    private static boolean isUsable(Class<?> loaded, Class<?> type) {
        return Modifier.isPublic(loaded.getModifiers())
                && !Modifier.isAbstract(loaded.getModifiers())
                && type.isAssignableFrom(loaded)
                && Arrays.stream(loaded.getConstructors())
                        .anyMatch(constructor -> constructor.getParameterCount() == 0);
    }

    /** Only with SASL does Kafka read the configuration of the log-in module. */
    private void checkLogIn() {
        Object given = values.get(SaslConfigs.SASL_JAAS_CONFIG);
        String protocol = values.getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "")
                .toString();
        if (given == null || !protocol.trim().regionMatches(true, 0, "SASL_", 0, "SASL_".length())) {
            return;
        }
        Password text = given instanceof Password password
                ? password
                : new Password(given.toString().trim());
        try {
            JaasContext context = JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, text));
            for (AppConfigurationEntry module : context.configurationEntries()) {
                load(module.getLoginModuleName());
            }
        } catch (ClassNotFoundException | LinkageError e) {
            faults.accept(SaslConfigs.SASL_JAAS_CONFIG, "the class of its log-in module could not be found");
        } catch (RuntimeException e) {
            // Without Kafka's words, which quote a part of it.
            faults.accept(
                    SaslConfigs.SASL_JAAS_CONFIG,
                    "it is not the configuration of one log-in module;"
                            + " allowed is: class name, `required`, options as name=\"value\", and a semicolon");
        }
    }

    private void checkTimes() {
        for (String name : TIMES) {
            Optional<Long> millis = millis(name);
            if (values.containsKey(name) && millis.isPresent() && millis.get() == 0) {
                faults.accept(name, "Value must be at least 1");
            }
        }
        String whole = CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG;
        String each = CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG;
        Optional<Long> most = millis(whole);
        Optional<Long> ofEach = millis(each);
        if (values.containsKey(whole) && most.isPresent() && ofEach.isPresent() && most.get() < ofEach.get()) {
            faults.accept(whole, "Value must be at least that of " + each + ", which is " + ofEach.get());
        }
    }

    /** A time as it is given, else Kafka's default; empty if it is not valid. */
    private Optional<Long> millis(String name) {
        if (unknown.contains(name)) {
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
