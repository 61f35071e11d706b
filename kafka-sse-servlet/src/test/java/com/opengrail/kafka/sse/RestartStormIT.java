package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Footprint;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.SseSwarm;
import com.opengrail.kafka.sse.testing.SwarmCheck;
import com.opengrail.kafka.sse.testing.SwarmEvent;
import com.opengrail.kafka.sse.testing.Topics;
import com.opengrail.kafka.sse.testing.WebServer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server that is started anew under a thousand clients has what they missed from one consumer, and in memory. */
@Timeout(240)
class RestartStormIT {
    private static final Logger LOG = LoggerFactory.getLogger(RestartStormIT.class);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int CLIENTS = 1000;
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 2000;
    private static final int WHILE_AWAY = 300;
    private static final int AFTERWARDS = 30;

    private final Topics topics = KafkaBroker.shared().topics();
    private final int port = JavaProcess.freePort();
    private final URI url = URI.create("http://127.0.0.1:" + port + "/kafka-sse");
    private final SwarmCheck[] checks =
            IntStream.range(0, CLIENTS).mapToObj(i -> new EachPartition()).toArray(SwarmCheck[]::new);

    /** The numbers of a partition's records have the partition as the rest of a division by the number of partitions. */
    private static final class EachPartition implements SwarmCheck {
        private final long[] expected =
                IntStream.range(0, PARTITIONS).asLongStream().toArray();

        @Override
        public String event(SwarmEvent event) {
            long number = event.leadingNumber();
            int partition = (int) (number % PARTITIONS);
            long wanted = expected[partition];
            expected[partition] = number + PARTITIONS;
            return number == wanted ? null : "got " + number + ", expected " + wanted;
        }
    }

    @BeforeEach
    void awaitQuiet() {
        Await.until(
                "the threads of tests before", LIMIT, () -> Footprint.threads().isEmpty(), Footprint::threads);
    }

    @OnEachContainer
    void shouldServeAThousandThatComeBackAtOnceFromOneConsumer(WebServer.Kind kind) throws Exception {
        String topic = topics.create("storm", PARTITIONS);
        Map<Integer, String> lastIds = followUntilStopped(kind, topic);
        assertTrue(lastIds.values().stream().distinct().count() > CLIENTS / 10);
        produce(topic, RECORDS, RECORDS + WHILE_AWAY);
        try (WebServer server = start(kind, topic)) {
            assertEquals(port, server.port());
            comeBack(kind, topic, lastIds);
        }
    }

    private Map<Integer, String> followUntilStopped(WebServer.Kind kind, String topic) throws Exception {
        SseSwarm swarm = null;
        try (WebServer server = start(kind, topic)) {
            assertEquals(port, server.port());
            swarm = swarm().mostEvents(RestartStormIT::before).start();
            swarm.awaitAllAnswered(LIMIT);
            produce(topic, 0, RECORDS);
            swarm.awaitEventsOfAll(eventsBefore(), LIMIT);
            assertEquals(0, swarm.stats().faults(), swarm.stats()::toString);
        } finally {
            if (swarm != null) {
                swarm.close();
            }
        }
        return swarm.lastEventIds();
    }

    private void comeBack(WebServer.Kind kind, String topic, Map<Integer, String> lastIds) throws Exception {
        long missed = (long) CLIENTS * (RECORDS + WHILE_AWAY) - eventsBefore();
        long start = System.nanoTime();
        try (SseSwarm swarm = swarm().lastEventIds(lastIds::get).start()) {
            swarm.awaitEventsOfAll(missed, LIMIT);
            long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            LOG.warn("{}: {} clients have the {} events that they missed after {} ms", kind, CLIENTS, missed, millis);
            assertTrue(millis < SOON.toMillis(), () -> "took " + millis + " ms");

            int all = RECORDS + WHILE_AWAY + AFTERWARDS;
            produce(topic, RECORDS + WHILE_AWAY, all);
            swarm.awaitEventsOfAll((long) CLIENTS * all - eventsBefore(), LIMIT);

            assertEquals(1, Footprint.consumers());
            assertTrue(
                    Footprint.threads().stream().noneMatch(name -> name.contains("-replay-")),
                    () -> "threads: " + Footprint.threads());
            assertEquals((long) CLIENTS * all - eventsBefore(), swarm.stats().events());
            assertEquals(0, swarm.stats().faults(), swarm.stats()::toString);
            assertEquals(0, swarm.stats().gaps());
            assertEquals(0, swarm.stats().ended());
            assertEquals(CLIENTS, swarm.stats().opened());
        }
    }

    private SseSwarm.Builder swarm() {
        return SseSwarm.against(url).connections(CLIENTS).checks(i -> checks[i]);
    }

    private WebServer start(WebServer.Kind kind, String topic) throws Exception {
        return kind.start(
                port,
                new KafkaSseServlet(),
                Map.of("topic", topic, "kafka-broker-url", KafkaBroker.shared().bootstrapServers()));
    }

    /** How many events a client takes before it is cut off. */
    private static int before(int client) {
        return 1 + client * 7 % RECORDS;
    }

    private static long eventsBefore() {
        return IntStream.range(0, CLIENTS)
                .map(RestartStormIT::before)
                .asLongStream()
                .sum();
    }

    private void produce(String topic, int from, int to) {
        topics.produce(IntStream.range(from, to)
                .mapToObj(i -> new ProducerRecord<>(topic, i % PARTITIONS, "customer", i + " is the number"))
                .toList());
    }
}
