package com.opengrail.kafka.sse.internal.settings;

import java.net.MalformedURLException;
import java.net.URL;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import javax.security.sasl.Sasl;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SecurityConfig;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.JaasUtils;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/** Log-ins that can never begin. Whether a log-in is right only the brokers know. */
final class LogInChecks {
    private static final String JAAS = SaslConfigs.SASL_JAAS_CONFIG;
    private static final String MECHANISM = SaslConfigs.SASL_MECHANISM;
    private static final String OAUTHBEARER = OAuthBearerLoginModule.OAUTHBEARER_MECHANISM;
    private static final List<String> WITH_USER = List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");

    /** The mechanisms that Kafka's own log-in modules are for. */
    private static final Map<String, List<String>> MODULES = Map.of(
            PlainLoginModule.class.getName(), List.of("PLAIN"),
            ScramLoginModule.class.getName(), List.of("SCRAM-SHA-256", "SCRAM-SHA-512"),
            OAuthBearerLoginModule.class.getName(), List.of(OAUTHBEARER));

    /** Kafka's own client has a token or a principal for these, and not the user of a log-in module. */
    private static final Set<String> WITHOUT_USER = Set.of(SaslConfigs.GSSAPI_MECHANISM, OAUTHBEARER);

    private static final String KAFKA_CLASSES = "org.apache.kafka.";
    private static final String OAUTH_HANDLER =
            "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler";

    /** URLs for OAUTHBEARER, and the classes that read something else if they are the operator's own. */
    private static final Map<String, String> URLS = Map.of(
            SaslConfigs.SASL_OAUTHBEARER_TOKEN_ENDPOINT_URL, "sasl.oauthbearer.jwt.retriever.class",
            SaslConfigs.SASL_OAUTHBEARER_JWKS_ENDPOINT_URL, "sasl.oauthbearer.jwt.validator.class");

    private static final Set<String> URL_SCHEMES = Set.of("http", "https", "file");

    private final CheckedProperties properties;

    private LogInChecks(CheckedProperties properties) {
        this.properties = properties;
    }

    /** Only with SASL does Kafka read any of it. */
    static void check(CheckedProperties properties) {
        if (properties.usesSasl()) {
            LogInChecks checks = new LogInChecks(properties);
            checks.checkThatThereIsOne();
            checks.module().ifPresent(checks::checkModule);
            checks.checkUrls();
        }
    }

    private void checkThatThereIsOne() {
        // Kafka itself says that a mechanism must not be empty.
        boolean isNamed =
                !properties.text(MECHANISM, SaslConfigs.DEFAULT_SASL_MECHANISM).isEmpty();
        if (isNamed && properties.isAbsent(JAAS) && !hasJvmLogIn()) {
            properties.refuse(
                    CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
                    "it needs a log-in; allowed is to set \"kafka." + JAAS
                            + "\", or to give the JVM an entry \"KafkaClient\" with the system property "
                            + JaasUtils.JAVA_LOGIN_CONFIG_PARAM);
        }
    }

    /** The file that the system property names may be there later. */
    private static boolean hasJvmLogIn() {
        if (System.getProperty(JaasUtils.JAVA_LOGIN_CONFIG_PARAM) != null) {
            return true;
        }
        try {
            return Configuration.getConfiguration().getAppConfigurationEntry("KafkaClient") != null;
        } catch (SecurityException e) {
            return false;
        }
    }

    /** The configured log-in module, if it can be used. */
    private Optional<AppConfigurationEntry> module() {
        if (!properties.isKnown(JAAS)) {
            return Optional.empty();
        }
        Object given = properties.values().get(JAAS);
        Password text = given instanceof Password password
                ? password
                : new Password(given.toString().trim());
        try {
            AppConfigurationEntry module = JaasContext.loadClientContext(Map.of(JAAS, text))
                    .configurationEntries()
                    .get(0);
            NamedClass.load(module.getLoginModuleName());
            return Optional.of(module);
        } catch (ClassNotFoundException | LinkageError e) {
            properties.refuse(JAAS, "the class of its log-in module could not be found");
        } catch (RuntimeException e) {
            // Without Kafka's words, which quote a part of it.
            properties.refuse(
                    JAAS,
                    "it is not the configuration of one log-in module;"
                            + " allowed is: class name, `required`, options as name=\"value\", and a semicolon");
        }
        return Optional.empty();
    }

    private void checkModule(AppConfigurationEntry module) {
        // A class for the log-in may do with the module, and with the mechanism, what it likes.
        if (!properties.areAbsent(SaslConfigs.SASL_LOGIN_CLASS)
                || properties.unknown().contains(MECHANISM)) {
            return;
        }
        String mechanism = properties.text(MECHANISM, SaslConfigs.DEFAULT_SASL_MECHANISM);
        List<String> allowed = MODULES.get(module.getLoginModuleName());
        if (mechanism.isEmpty()) {
            return;
        }
        if (allowed != null && !allowed.contains(mechanism) && !isUsable(mechanism, allowed)) {
            properties.refuse(
                    MECHANISM,
                    "the log-in module of \"kafka." + JAAS + "\" cannot be used with "
                            + (properties.isKnown(MECHANISM) ? "it" : mechanism + ", the default")
                            + "; allowed is " + String.join(" or ", allowed));
        } else if (allowed != null && WITH_USER.contains(mechanism)) {
            checkUser(module);
        } else if (mechanism.equals(SaslConfigs.GSSAPI_MECHANISM)) {
            checkService(module);
        }
    }

    /** True if a module for these mechanisms may do for another one. */
    private boolean isUsable(String mechanism, List<String> allowed) {
        if (!properties.areAbsent(SecurityConfig.SECURITY_PROVIDERS_CONFIG)) {
            return true;
        }
        boolean isAsked = hasOwnHandler() || !WITHOUT_USER.contains(mechanism) && !allowed.contains(OAUTHBEARER);
        return isAsked && isKnownToJvm(mechanism);
    }

    private static boolean isKnownToJvm(String mechanism) {
        return Collections.list(Sasl.getSaslClientFactories()).stream()
                .flatMap(factory -> Arrays.stream(factory.getMechanismNames(Map.of())))
                .anyMatch(mechanism::equals);
    }

    /** True if another class than Kafka's answers what the mechanism asks for. */
    private boolean hasOwnHandler() {
        return !properties.areAbsent(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS);
    }

    private void checkUser(AppConfigurationEntry module) {
        List<String> missing = Stream.of("username", "password")
                .filter(option -> !module.getOptions().containsKey(option))
                .toList();
        if (!missing.isEmpty() && !hasOwnHandler()) {
            properties.refuse(
                    JAAS,
                    "its log-in module needs the options username and password; missing is "
                            + String.join(" and ", missing));
        }
    }

    private void checkService(AppConfigurationEntry module) {
        if (properties.isAbsent(SaslConfigs.SASL_KERBEROS_SERVICE_NAME)
                && !module.getOptions().containsKey(JaasUtils.SERVICE_NAME)) {
            properties.refuse(
                    SaslConfigs.SASL_KERBEROS_SERVICE_NAME,
                    "GSSAPI needs it, or the option " + JaasUtils.SERVICE_NAME + " in \"kafka." + JAAS
                            + "\"; allowed is the first part of the brokers' principal, such as kafka");
        }
    }

    private void checkUrls() {
        if (properties.text(MECHANISM, "").equals(OAUTHBEARER)
                && name(SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS).equals(OAUTH_HANDLER)) {
            URLS.forEach((url, reader) -> {
                boolean isOfKafka = properties.isAbsent(reader) || name(reader).startsWith(KAFKA_CLASSES);
                if (isOfKafka && properties.isKnown(url) && !isUrl(properties.text(url, ""))) {
                    properties.refuse(url, "it is not a URL; allowed is one that begins with https:, http: or file:");
                }
            });
        }
    }

    private String name(String property) {
        return properties.values().getOrDefault(property, "") instanceof Class<?> type
                ? type.getName()
                : properties.text(property, "").trim();
    }

    private static boolean isUrl(String text) {
        try {
            return URL_SCHEMES.contains(new URL(text).getProtocol());
        } catch (MalformedURLException e) {
            return false;
        }
    }
}
