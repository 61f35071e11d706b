package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.Test;

class KafkaClusterTest {
    private static final String FETCH = ConsumerConfig.FETCH_MAX_BYTES_CONFIG;

    @Test
    void shouldBoundFetchesAndLeaveSmallerOnesAsTheyAreSet() {
        assertEquals(Map.of(FETCH, 1000), KafkaCluster.fetchingAtMost(1000, Map.of()));
        assertEquals(Map.of(FETCH, 900), KafkaCluster.fetchingAtMost(1000, Map.of(FETCH, " 900 ")));
        assertEquals(
                Map.of(FETCH, ConsumerConfig.DEFAULT_FETCH_MAX_BYTES),
                KafkaCluster.fetchingAtMost(Integer.MAX_VALUE, Map.of()));
    }
}
