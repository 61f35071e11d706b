package com.opengrail.kafka.sse.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProducerSettingsTest {

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
        assertEquals(new ProducerSettings(2.5, "kafka-1:9092,kafka-2:9092", "orders", 3), settings);
    }

    @Test
    void has_the_servlets_default_broker_and_one_partition() {
        Map<String, String> environment = Map.of("SSE_DEMO_PRODUCER_RATE", "1", "SSE_PROXY_TOPIC", "orders");
        assertEquals(
                new ProducerSettings(1, "localhost:9092", "orders", 1),
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
}
