package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.testing.DelayingProxy;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

/** A bootstrap server that is away says nothing of the other brokers. */
class KnownBrokersIT {
    @Test
    void shouldReachTheBrokersThatATopicHasTold() throws Exception {
        KafkaBroker broker = KafkaBroker.shared();
        String topic = broker.topics().create("it-known", 1);
        int port = JavaProcess.freePort();
        Map<String, Object> given = Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + port);
        try (KafkaCluster cluster =
                new KafkaCluster(given, null, EngineThreads.ofCaller(), "known", System::nanoTime)) {
            try (DelayingProxy bootstrap =
                    new DelayingProxy(port, Utils.getPort(broker.bootstrapServers()), Duration.ZERO)) {
                KafkaSource.await(cluster.describe(List.of(topic)), 10, "late");
                assertTrue(bootstrap.connections() > 0);
            }
            assertTrue(cluster.isReachable());
        }
        try (KafkaCluster other =
                new KafkaCluster(given, null, EngineThreads.ofCaller(), "unknown", System::nanoTime)) {
            assertFalse(other.isReachable());
        }
    }
}
