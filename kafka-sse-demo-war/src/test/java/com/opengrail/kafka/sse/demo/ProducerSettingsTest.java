package com.opengrail.kafka.sse.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProducerSettingsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "0", "0.0"})
    void the_producer_is_off_without_a_rate(String rate) {
        assertEquals(Optional.empty(), ProducerSettings.from(Map.of("SSE_DEMO_PRODUCER_RATE", rate)));
    }

    @Test
    void writes_to_the_first_of_the_servlets_topics() {
        ProducerSettings settings = ProducerSettings.from(Map.of(
                        "SSE_DEMO_PRODUCER_RATE", "2.5",
                        "SSE_DEMO_TOPIC_PARTITIONS", "3",
                        "SSE_PROXY_TOPIC", " orders , customers",
                        "SSE_PROXY_KAFKA_BROKER_URL", "kafka-1:9092,kafka-2:9092"))
                .orElseThrow();
        assertEquals(new ProducerSettings(2.5, "kafka-1:9092,kafka-2:9092", "orders", 3, Map.of()), settings);
    }

    @Test
    void has_the_servlets_default_broker_and_one_partition() {
        Map<String, String> environment = Map.of("SSE_DEMO_PRODUCER_RATE", "1", "SSE_PROXY_TOPIC", "orders");
        assertEquals(
                new ProducerSettings(1, "localhost:9092", "orders", 1, Map.of()),
                ProducerSettings.from(environment).orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({
        "SSE_DEMO_PRODUCER_RATE, -1, from 0 (off) to 100000",
        "SSE_DEMO_PRODUCER_RATE, fast, from 0 (off) to 100000",
        "SSE_DEMO_PRODUCER_RATE, 100001, from 0 (off) to 100000",
        "SSE_DEMO_PRODUCER_RATE, NaN, from 0 (off) to 100000",
        "SSE_DEMO_TOPIC_PARTITIONS, 0, from 1 to 1000",
        "SSE_DEMO_TOPIC_PARTITIONS, 1.5, from 1 to 1000",
    })
    void a_wrong_value_is_refused_with_name_value_and_what_is_allowed(String name, String value, String allowed) {
        Map<String, String> environment = Map.of(name, value);
        String message = assertThrows(IllegalArgumentException.class, () -> ProducerSettings.from(environment))
                .getMessage();
        assertTrue(message.contains(name + " is \"" + value + "\""), message);
        assertTrue(message.contains(allowed), message);
    }

    @Test
    void a_rate_without_a_topic_is_refused() {
        Map<String, String> environment = Map.of("SSE_DEMO_PRODUCER_RATE", "1", "SSE_PROXY_TOPIC", " , ");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ProducerSettings.from(environment))
                .getMessage()
                .contains("SSE_PROXY_TOPIC"));
    }

    @Test
    void reads_the_files_that_variables_name() throws Exception {
        Map<String, String> environment = Map.of(
                "SSE_DEMO_PRODUCER_RATE", "1",
                "SSE_PROXY_TOPIC_FILE", file(" orders\n"),
                "SSE_PROXY_KAFKA_BROKER_URL_FILE", file("kafka-1:9092\r\n"),
                "SSE_PROXY_KAFKA_BROKER_URL", " ",
                "SSE_PROXY_KAFKA_SASL_JAAS_CONFIG_FILE", file("a secret\n"));
        assertEquals(
                new ProducerSettings(1, "kafka-1:9092", "orders", 1, Map.of("sasl.jaas.config", "a secret")),
                ProducerSettings.from(environment).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSE_PROXY_TOPIC", "SSE_PROXY_KAFKA_BROKER_URL", "SSE_PROXY_KAFKA_SSL_KEY_PASSWORD"})
    void a_file_beside_its_variable_is_refused(String name) throws Exception {
        Map<String, String> environment = withTopic(Map.of(name, "x", name + "_FILE", file("y")));
        String message = assertThrows(IllegalArgumentException.class, () -> ProducerSettings.from(environment))
                .getMessage();
        assertTrue(message.contains(name + "_FILE is set together with " + name), message);
    }

    @Test
    void a_file_that_is_not_there_is_refused() {
        Map<String, String> environment = withTopic(Map.of(
                "SSE_PROXY_KAFKA_BROKER_URL_FILE", folder.resolve("missing").toString()));
        String message = assertThrows(IllegalArgumentException.class, () -> ProducerSettings.from(environment))
                .getMessage();
        assertTrue(message.contains("SSE_PROXY_KAFKA_BROKER_URL_FILE is \"" + folder.resolve("missing")), message);
    }

    @Test
    void takes_the_properties_of_the_connection_and_not_those_of_the_consumer() {
        Map<String, String> environment = withTopic(Map.of(
                "SSE_PROXY_KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                "SSE_PROXY_KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM", "",
                "SSE_PROXY_KAFKA_CONFIG_PROVIDERS", "file",
                "SSE_PROXY_KAFKA_CONFIG_PROVIDERS_FILE_CLASS", "org.example.Provider",
                "SSE_PROXY_KAFKA_FETCH_MAX_BYTES", "1000",
                "SSE_PROXY_KAFKA_ISOLATION_LEVEL", "read_uncommitted",
                "SSE_PROXY_KAFKA_INTERCEPTOR_CLASSES", "org.example.Interceptor",
                "OTHER_KAFKA_SECURITY_PROTOCOL", "SSL"));
        assertEquals(
                Map.of(
                        "security.protocol", "SASL_SSL",
                        "ssl.endpoint.identification.algorithm", "",
                        "config.providers", "file",
                        "config.providers.file.class", "org.example.Provider"),
                ProducerSettings.from(environment).orElseThrow().properties());
    }

    private static Map<String, String> withTopic(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(Map.of("SSE_DEMO_PRODUCER_RATE", "1", "SSE_PROXY_TOPIC", "orders"));
        all.putAll(environment);
        return all;
    }

    private String file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "value", ""), content)
                .toString();
    }
}
