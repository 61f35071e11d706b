package com.opengrail.kafka.sse.internal.settings;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of TLS that the JVM does not know stop the deployment. */
class TlsChecksTest {
    private static final String WRONG = "1 setting is wrong:\n  init-param \"kafka.";

    private static Map<String, String> given(String name, String value) {
        return new HashMap<>(Map.of(
                "topic",
                "t",
                "kafka.security.protocol",
                "ssl",
                "kafka.ssl.keystore.location",
                "/no/such/store",
                "kafka.ssl.keystore.password",
                "hush",
                "kafka.ssl.truststore.location",
                "/no/such/store",
                "kafka." + name,
                value));
    }

    private static void assertTaken(Map<String, String> given) {
        assertDoesNotThrow(() -> Settings.read(given, Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ssl.protocol | TLSv1.9 | this JVM does not know it; allowed is DTLS | TLSV1.3",
                "ssl.protocol | Default | this JVM does not know it; allowed is DTLS | TLSV1.2",
                "ssl.enabled.protocols | TLSv1.3,tlsv1.2 | this JVM does not know tlsv1.2; allowed is | TLSv1.2",
                "ssl.cipher.suites | TLS_NONE | this JVM does not know TLS_NONE; allowed is | TLS_AES_256_GCM_SHA384",
                "ssl.truststore.type | pem | this JVM does not know it; allowed is PEM, | PKCS12",
                "ssl.keystore.type | PKCS21 | this JVM does not know it; allowed is PEM, | JKS",
            })
    void shouldRefuseANameThatTheJvmDoesNotKnow(String name, String value, String reason, String known) {
        String told = assertThrows(SettingsException.class, () -> Settings.read(given(name, value), Map.of()))
                .getMessage();
        assertTrue(told.startsWith(WRONG + name + "\" = \"" + value + "\": " + reason), told);
        assertTrue(told.contains(known), told);
        // Files, other engines and other providers may know more.
        for (String left : new String[] {"ssl.provider", "security.providers"}) {
            Map<String, String> given = given(name, value);
            given.put("kafka." + left, "Own");
            assertTaken(given);
        }
        Map<String, String> given = given(name, value);
        given.put("kafka.ssl.engine.factory.class", DefaultSslEngineFactory.class.getName());
        assertTaken(given);
        given = given(name, "${file:/x:y}");
        given.put("kafka.config.providers", "file");
        given.put("kafka.config.providers.file.class", FileConfigProvider.class.getName());
        assertTaken(given);
        given = given(name, value);
        given.put("kafka.security.protocol", "PLAINTEXT");
        assertTaken(given);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ssl.protocol | TLSv1.2",
                "ssl.enabled.protocols | TLSv1.3, TLSv1.2",
                "ssl.enabled.protocols | ''",
                "ssl.cipher.suites | TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384",
                "ssl.truststore.type | PEM",
                "ssl.truststore.type | pkcs12",
                "ssl.keystore.type | JKS",
            })
    void shouldTakeANameThatTheJvmKnows(String name, String value) {
        assertTaken(given(name, value));
    }

    /** Kafka does not look at it then. */
    @ParameterizedTest
    @CsvSource({"ssl.truststore.type, ssl.truststore.location", "ssl.keystore.type, ssl.keystore.location"})
    void shouldNotLookAtTheTypeOfAStoreThatIsNotGiven(String type, String location) {
        Map<String, String> given = given(type, "none");
        given.remove("kafka." + location);
        given.remove("kafka." + location.replace("location", "password"));
        assertTaken(given);
    }
}
