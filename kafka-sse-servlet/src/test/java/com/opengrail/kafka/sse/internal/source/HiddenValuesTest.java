package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.log.RootCause;
import com.opengrail.kafka.sse.internal.log.Secrets;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Kafka says of a value when a client cannot be made goes to the log, to JMX and to the answers about health. */
class HiddenValuesTest {
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required ";
    private static final String WORD = "geheim";

    @TempDir
    private Path folder;

    private static void assertHidden(KafkaException failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        String told = failure + "\n" + RootCause.describe(failure) + "\n" + trace;
        assertFalse(told.toLowerCase(Locale.ROOT).contains(WORD), told);
    }

    private static Map<String, Object> properties() {
        String bytes = "org.apache.kafka.common.serialization.ByteArrayDeserializer";
        return new HashMap<>(Map.of(
                "bootstrap.servers", "localhost:1",
                "key.deserializer", bytes,
                "value.deserializer", bytes));
    }

    private static KafkaException refused(Map<String, Object> given) {
        return with(given, cluster -> cluster.newConsumer("test", 1 << 20, () -> {}));
    }

    private interface Making {
        void with(KafkaCluster cluster);
    }

    private static KafkaException with(Map<String, Object> given, Making making) {
        Deserializers deserializers = new Deserializers(given, null, null);
        Supplier<MapperChain> chains = () -> {
            deserializers.ofKeys();
            deserializers.ofValues();
            throw new KafkaException("All could be made");
        };
        try (KafkaCluster cluster =
                new KafkaCluster(given, chains, EngineThreads.ofCaller(), "test", System::nanoTime)) {
            KafkaException first = assertThrows(NoClientException.class, () -> making.with(cluster));
            // The next one asks within the pause, and is told the same.
            KafkaException again = assertThrows(NoClientException.class, () -> making.with(cluster));
            assertEquals(first.getMessage(), again.getMessage());
            assertHidden(again);
            return first;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "username=\"alice\" password=\"ab\"geheim\";",
                "username=alice password=correct geheim;",
                "username=\"alice\" password=\"ab\" \"it's geheim\";",
                "username=\"alice\" password=\"ab\" 'a\"b geheim';",
                "username=\"alice\" password=\"ab\" \"it's\n geheim\";",
                "username=\"alice\" password=\"ab\" \"it's\\n geheim\";",
                "username=\"alice\" password=ab;geheim;",
                "username=\"alice\" password=\"geheim\""
            })
    void shouldHideThePasswordInAMalformedLogInConfiguration(String options) {
        assertHidden(refused(logIn(options)));
    }

    private static Map<String, Object> logIn(String options) {
        Map<String, Object> given = properties();
        given.putAll(Map.of(
                "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN", "sasl.jaas.config", PLAIN + options));
        return given;
    }

    /** An apostrophe opens no quotation. */
    @Test
    void shouldHideWhatIsQuotedAfterAnApostrophe() {
        assertHidden(new NoClientException(new KafkaException("Can't read 'geheim' now")));
    }

    @Test
    void shouldStillSayWhatIsWrong() {
        String told = RootCause.describe(refused(logIn("username=\"alice\" password=\"ab\"geheim\";")));
        assertTrue(told.endsWith("Value not specified for key (hidden) in JAAS config"), told);
    }

    /** Whoever describes another failure with the same root cause does not know of clients and settings. */
    @Test
    void shouldHideItAsTheRootCauseOfAnyFailure() {
        Exception parsed = new IllegalArgumentException("Value not specified for key 'it's geheim' in JAAS config");
        String told = RootCause.describe(new KafkaException("Failed", parsed));
        assertEquals(
                "org.apache.kafka.common.KafkaException: Failed (java.lang.IllegalArgumentException:"
                        + " Value not specified for key (hidden) in JAAS config)",
                told);
        Exception invalid = new ConfigException("my.password", WORD, "Class geheim could not be found.");
        assertFalse(RootCause.describe(new KafkaException("Failed", invalid)).contains(WORD));
        assertFalse(String.valueOf(
                        Secrets.hideIn(new KafkaException("Failed", invalid)).getCause())
                .contains(WORD));
    }

    @ParameterizedTest
    @CsvSource({
        "fetch.max.bytes, ${file:FILE:word}",
        "fetch.max.bytes, 1${file:FILE:word}0",
        "interceptor.classes, ${file:FILE:word}",
        "interceptor.classes, 'java.lang.Object,${file:FILE:word}'",
        "interceptor.classes, ${file:FILE:list}",
        "metric.reporters, ${file:FILE:word}",
        "isolation.level, ${file:FILE:word}",
        "ssl.engine.factory.class, ${file:FILE:word}",
        "security.protocol, ${file:FILE:word}",
        "bootstrap.servers, ${file:FILE:word}",
        "bootstrap.servers, http://${file:FILE:word}"
    })
    void shouldHideWhatAConfigProviderFilledIn(String name, String value) throws IOException {
        assertHidden(refused(withReference(name, value)));
    }

    @ParameterizedTest
    @CsvSource({
        "key.deserializer, ${file:FILE:word}",
        "value.deserializer, ${file:FILE:word}",
        "key.deserializer.encoding, ${file:FILE:word}"
    })
    void shouldHideWhatAConfigProviderFilledInForDeserializers(String name, String value) throws IOException {
        Map<String, Object> given = withReference(name, value);
        if (name.endsWith("encoding")) {
            given.put("key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        }
        KafkaException failure = with(given, KafkaCluster::newMapperChain);
        assertHidden(failure);
        assertFalse(failure.getMessage().contains("All could be made"), failure.getMessage());
    }

    private Map<String, Object> withReference(String name, String value) throws IOException {
        Path file = Files.write(folder.resolve("values"), List.of("word=geheim", "list=java.lang.Object,geheim"));
        Map<String, Object> given = properties();
        given.putAll(Map.of(
                "config.providers",
                "file",
                "config.providers.file.class",
                FileConfigProvider.class.getName(),
                name,
                value.replace("FILE", file.toString())));
        return given;
    }

    @Test
    void shouldSayThatTheFileOfAReferenceIsAway() throws IOException {
        String told = RootCause.describe(refused(withReference("fetch.max.bytes", "${file:/no/such/file:word}")));
        assertTrue(told.contains("/no/such/file"), told);
    }

    /** Whoever has forgotten it has to read how it is called. No password is among it. */
    @Test
    void shouldShowWhatIsMissingWithoutAJaasConfiguration() {
        String entry = "Could not find a 'KafkaClient' entry in the JAAS configuration."
                + " System property 'java.security.auth.login.config' is not set";
        NoClientException missing = new NoClientException(new KafkaException(entry));
        assertTrue(missing.getMessage().endsWith(entry), missing.getMessage());
        NoClientException quoted = new NoClientException(
                new KafkaException("no 'java.security.auth.login.config' of 'geheim' and 'KafkaClient' 'geheim'"));
        assertHidden(quoted);
        assertFalse(quoted.getMessage().contains("'KafkaClient'"), quoted.getMessage());
    }
}
