package com.opengrail.kafka.sse.internal.settings;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.apache.kafka.common.config.SecurityConfig;
import org.apache.kafka.common.config.SslConfigs;

/** Names of TLS that this JVM does not know. No file is looked at: it may be there later. */
final class TlsChecks {
    private static final String PROTOCOL = SslConfigs.SSL_PROTOCOL_CONFIG;

    private final CheckedProperties properties;

    private TlsChecks(CheckedProperties properties) {
        this.properties = properties;
    }

    /** An engine or a provider of the operator's own may know other names. */
    static void check(CheckedProperties properties) {
        if (properties.usesTls()
                && properties.areAbsent(
                        SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG,
                        SslConfigs.SSL_PROVIDER_CONFIG,
                        SecurityConfig.SECURITY_PROVIDERS_CONFIG)) {
            TlsChecks checks = new TlsChecks(properties);
            checks.engine().ifPresent(checks::checkNames);
            StoreChecks.check(properties);
            checks.checkStore(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG);
            checks.checkStore(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG);
        }
    }

    /** An engine like Kafka's, which connects to nothing and trusts nobody. */
    private Optional<SSLEngine> engine() {
        try {
            SSLContext context = SSLContext.getInstance(properties.text(PROTOCOL, SslConfigs.DEFAULT_SSL_PROTOCOL));
            context.init(new KeyManager[0], new TrustManager[0], null);
            return Optional.of(context.createSSLEngine());
        } catch (GeneralSecurityException e) {
            if (properties.isKnown(PROTOCOL)) {
                properties.refuse(PROTOCOL, "this JVM does not know it; allowed is " + known("SSLContext"));
            }
            return Optional.empty();
        }
    }

    private void checkNames(SSLEngine engine) {
        checkEach(
                SslConfigs.SSL_ENABLED_PROTOCOLS_CONFIG,
                Arrays.asList(engine.getSupportedProtocols()),
                name -> engine.setEnabledProtocols(new String[] {name}));
        checkEach(
                SslConfigs.SSL_CIPHER_SUITES_CONFIG,
                Arrays.asList(engine.getSupportedCipherSuites()),
                name -> engine.setEnabledCipherSuites(new String[] {name}));
    }

    private void checkEach(String property, List<String> known, Consumer<String> setting) {
        for (String name : properties.elements(property)) {
            try {
                setting.accept(name);
            } catch (IllegalArgumentException e) {
                properties.refuse(
                        property, "this JVM does not know " + name + "; allowed is " + String.join(", ", known));
            }
        }
    }

    /** Kafka makes the store if it has a location. */
    private void checkStore(String type, String location) {
        if (!properties.isKnown(type) || properties.isAbsent(location)) {
            return;
        }
        String name = properties.text(type, "");
        try {
            if (!name.equals(StoreChecks.PEM)) {
                KeyStore.getInstance(name);
            }
        } catch (KeyStoreException e) {
            properties.refuse(
                    type, "this JVM does not know it; allowed is " + StoreChecks.PEM + ", " + known("KeyStore"));
        }
    }

    /** Its names, without the one of which Kafka cannot make a context of its own. */
    private static String known(String service) {
        Set<String> names = new TreeSet<>(Security.getAlgorithms(service));
        names.remove("DEFAULT");
        return String.join(", ", names);
    }
}
