package com.opengrail.kafka.sse.internal.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no client can be made with stops the deployment. Otherwise no stream would ever get an event. */
class KafkaChecksTest {
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule";
    private static final String NO_CLASS =
            "it is not a public class with a public constructor without parameters that implements ";
    private static final String NO_MODULE = "it is not the configuration of one log-in module;"
            + " allowed is: class name, `required`, options as name=\"value\", and a semicolon";

    private static String fault(Map<String, String> given) {
        return assertThrows(SettingsException.class, () -> Settings.read(given, Map.of()))
                .getMessage();
    }

    private static Map<String, String> withLogIn(String jaas) {
        return Map.of(
                "topic", "t",
                "kafka.security.protocol", "sasl_ssl",
                "kafka.sasl.mechanism", "PLAIN",
                "kafka.sasl.jaas.config", jaas);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage geheim",
                PLAIN + " required username=\"alice\" password=\"ab\"geheim\";",
                PLAIN + " required username=alice password=correct geheim;",
                PLAIN + " username=\"alice\" password=\"geheim\";",
                PLAIN + " geheim required;",
                PLAIN + " required username=\"alice\" password=\"geheim\"",
                "required username=\"alice\" password=\"geheim\";",
                "KafkaClient { " + PLAIN + " required password=\"geheim\"; };",
                "username=geheim",
                ""
            })
    void shouldRefuseAMalformedLogIn(String jaas) {
        String told = fault(withLogIn(jaas));
        assertEquals("1 setting is wrong:\n  init-param \"kafka.sasl.jaas.config\" (value hidden): " + NO_MODULE, told);
        String ofVariable = assertThrows(
                        SettingsException.class,
                        () -> Settings.read(
                                Map.of("topic", "t", "kafka.security.protocol", "SASL_PLAINTEXT"),
                                Map.of("SSE_PROXY_KAFKA_SASL_JAAS_CONFIG", jaas)))
                .getMessage();
        assertTrue(
                ofVariable.endsWith("\"SSE_PROXY_KAFKA_SASL_JAAS_CONFIG\" (value hidden): " + NO_MODULE), ofVariable);
    }

    @Test
    void shouldRefuseALogInModuleThatIsNotThere() {
        assertEquals(
                "1 setting is wrong:\n  init-param \"kafka.sasl.jaas.config\" (value hidden):"
                        + " the class of its log-in module could not be found",
                fault(withLogIn("no.such.Module required password=\"geheim\";")));
    }

    @Test
    void shouldTakeALogInThatIsWell() {
        String jaas = PLAIN + " required username=\"alice\" password=\"it's; a=b\";";
        assertEquals(List.of(), Settings.read(withLogIn(jaas), Map.of()).warnings());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "interceptor.classes | no.such.Interceptor | Class no.such.Interceptor could not be found.",
                "interceptor.classes | java.lang.Object | " + NO_CLASS
                        + "org.apache.kafka.clients.consumer.ConsumerInterceptor",
                "metric.reporters | no.such.One | Class no.such.One could not be found.",
                "metric.reporters | org.apache.kafka.common.metrics.JmxReporter,no.such.One"
                        + " | Class no.such.One could not be found.",
                "metric.reporters | java.lang.Object | " + NO_CLASS + "org.apache.kafka.common.metrics.MetricsReporter",
                "sasl.login.class | java.lang.Object | " + NO_CLASS + "org.apache.kafka.common.security.auth.Login",
                "sasl.login.callback.handler.class | java.lang.Object | " + NO_CLASS
                        + "org.apache.kafka.common.security.auth.AuthenticateCallbackHandler",
                "ssl.engine.factory.class | java.lang.Object | " + NO_CLASS
                        + "org.apache.kafka.common.security.auth.SslEngineFactory",
                "value.deserializer | java.lang.Object | " + NO_CLASS
                        + "org.apache.kafka.common.serialization.Deserializer",
                "request.timeout.ms | 0 | Value must be at least 1",
                "socket.connection.setup.timeout.ms | 0 | Value must be at least 1",
                "default.api.timeout.ms | 1 | Value must be at least that of request.timeout.ms, which is 30000",
            })
    void shouldRefuseWhatNoClientCanBeMadeWith(String name, String value, String reason) {
        assertEquals(
                "1 setting is wrong:\n  init-param \"kafka." + name + "\" = \"" + value + "\": " + reason,
                fault(Map.of("topic", "t", "kafka." + name, value)));
    }

    @Test
    void shouldRefuseAConfigProviderThatIsNotThere() {
        Map<String, String> given = new HashMap<>(Map.of(
                "topic", "t",
                "kafka.config.providers", "x, file",
                "kafka.config.providers.file.class", "no.such.Provider",
                "kafka.config.providers.other.class", "no.such.Other",
                "kafka.ssl.key.password", "${file:/x:y}"));
        assertEquals(
                "1 setting is wrong:\n  init-param \"kafka.config.providers.file.class\" = \"no.such.Provider\":"
                        + " Class no.such.Provider could not be found.",
                fault(given));
        given.put("kafka.config.providers.file.class", "java.lang.Object");
        assertTrue(fault(given).endsWith(NO_CLASS + "org.apache.kafka.common.config.provider.ConfigProvider"));
    }

    /** Kafka itself finds this. */
    @Test
    void shouldRefuseALogInWithoutAMechanism() {
        String told = fault(Map.of("topic", "t", "kafka.security.protocol", "SASL_SSL", "kafka.sasl.mechanism", ""));
        assertTrue(
                told.startsWith("1 setting is wrong:\n  init-param \"kafka.sasl.mechanism\" = \"\": When the"), told);
    }

    @Test
    void shouldHideWhatAFileHoldsThatIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("classes"), "no.such.Thing, no.geheim.Class");
        String told = assertThrows(
                        SettingsException.class,
                        () -> Settings.read(
                                Map.of("topic", "t"),
                                Map.of("SSE_PROXY_KAFKA_INTERCEPTOR_CLASSES_FILE", file.toString())))
                .getMessage();
        assertFalse(told.contains("geheim"), told);
        assertTrue(told.contains("(value hidden): Class (hidden) could not be found."), told);
    }

    /** A file may be there later. */
    @Test
    void shouldWaitForFilesAndForWhatTheyHold() {
        Settings settings = Settings.read(
                Map.of(
                        "topic", "t",
                        "kafka.config.providers", "file",
                        "kafka.config.providers.file.class", FileConfigProvider.class.getName(),
                        "kafka.security.protocol", "SASL_SSL",
                        "kafka.sasl.jaas.config", "${file:/no/such/file:jaas}",
                        "kafka.interceptor.classes", "${file:/no/such/file:classes}",
                        "kafka.request.timeout.ms", "${file:/no/such/file:millis}",
                        "kafka.default.api.timeout.ms", "10000",
                        "kafka.ssl.keystore.location", "/no/such/store",
                        "kafka.ssl.keystore.password", "geheim"),
                Map.of());
        assertEquals(List.of(), settings.warnings());
    }

    static Stream<String> properties() {
        Set<String> others = Set.of("config.providers", "bootstrap.servers", "group.id", "enable.auto.commit");
        return ConsumerConfig.configNames().stream().filter(name -> !others.contains(name));
    }

    /** Kafka's own checks get only the properties whose values are known by then. */
    @ParameterizedTest
    @MethodSource("properties")
    void shouldTakeAReferenceInEachProperty(String name) {
        Map<String, String> given = new HashMap<>(withLogIn(PLAIN + " required username=\"u\" password=\"p\";"));
        given.put("kafka.config.providers", "file");
        given.put("kafka.config.providers.file.class", FileConfigProvider.class.getName());
        given.put("kafka.ssl.keystore.location", "/no/such/store");
        given.put("kafka.ssl.keystore.password", "geheim");
        String reference = "${file:/no/such/file:" + name + "}";
        given.put("kafka." + name, reference);
        Settings settings = Settings.read(given, Map.of());
        boolean hasNoEffect = settings.warnings().stream().anyMatch(warning -> warning.contains("has no effect"));
        assertTrue(hasNoEffect || reference.equals(settings.consumerProperties().get(name)));
    }

    @Test
    void shouldTakeShortTimesThatGoTogether() {
        Settings settings = Settings.read(
                Map.of("topic", "t", "kafka.request.timeout.ms", "300", "kafka.default.api.timeout.ms", "300"),
                Map.of());
        assertEquals("300", settings.consumerProperties().get("request.timeout.ms"));
    }
}
