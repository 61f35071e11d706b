package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.WebApplication;
import com.opengrail.kafka.sse.testing.WebServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A quota of the brokers makes streams slow. It loses and repeats nothing, and operators do not see a failure. */
@Timeout(240)
class QuotaIT {
    private static final Logger LOG = LoggerFactory.getLogger(QuotaIT.class);
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final double BYTES_PER_SECOND = 10_000;

    /** A feed without a reason for its silence would be failing by now. */
    private static final long SILENCE_MILLIS = 10_500;

    /** The brokers look at so much time, and hold back an answer for at most about as much. */
    private static final int WINDOW_SECONDS = 33;

    private static final int BEFORE = 40;

    /** With those before, less than the quota allows in the whole window. */
    private static final int FIRST = 250;

    /** Together with the first, about half as much again as it allows. */
    private static final int SECOND = 200;

    private static final String FILLING = "x".repeat(1000);
    private static final String TOPIC = "quota";
    private static final String CLIENT = "streams";

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private KafkaBroker broker;

    /** The greatest age of the last answer that was seen while clients waited. */
    private long longestSilence;

    @BeforeEach
    void startBroker() {
        broker = KafkaBroker.start(
                folder, 0, List.of("quota.window.num=11", "quota.window.size.seconds=" + WINDOW_SECONDS / 11));
        broker.topics().createNamed(TOPIC, 1);
    }

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    @Test
    void shouldSlowStreamsDownWithoutALossOrAFailure() throws Exception {
        limit(BYTES_PER_SECOND);
        int first = BEFORE + FIRST;
        int all = first + SECOND;
        produce(0, BEFORE);
        try (WebApplication application = start();
                SseClient live = open(application, "");
                SseClient earliest = open(application, "?offset=earliest")) {
            live.awaitText("stream-position", LIMIT);
            Beans.only().awaitFeed(TOPIC, feed -> "following".equals(feed.get("state")));
            assertEquals(false, Beans.only().feed(TOPIC).get("throttled"));
            produce(BEFORE, first);
            awaitQuietly(application, live, FIRST);
            long start = System.nanoTime();
            produce(first, all);
            awaitQuietly(application, live, FIRST + SECOND);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
            awaitQuietly(application, earliest, all);
            LOG.warn("{} records after {} s, silence up to {} ms", SECOND, seconds, longestSilence);
            assertEquals(true, Beans.only().feed(TOPIC).get("throttled"));
            assertNumbers(live, BEFORE, all);
            assertNumbers(earliest, 0, all);
            assertTrue(longestSilence > SILENCE_MILLIS, () -> "silence of " + longestSilence + " ms");
        }
    }

    private void limit(double bytesPerSecond) throws Exception {
        ClientQuotaEntity client = new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, CLIENT));
        ClientQuotaAlteration quota = new ClientQuotaAlteration(
                client, List.of(new ClientQuotaAlteration.Op("consumer_byte_rate", bytesPerSecond)));
        try (Admin admin = broker.topics().admin()) {
            admin.alterClientQuotas(List.of(quota)).all().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private WebApplication start() throws Exception {
        Map<String, String> settings =
                Map.of("topic", TOPIC, "kafka-broker-url", broker.bootstrapServers(), "kafka.client.id", CLIENT);
        return WebApplication.start(WebServer.Kind.JETTY, "/shop", context -> {
            WebApplication.add(context, "orders", new KafkaSseServlet(), settings, "/orders/*");
            WebApplication.add(context, "health", new KafkaSseHealthServlet(), Map.of(), "/health/*");
        });
    }

    private static SseClient open(WebApplication application, String query) throws Exception {
        return SseClient.to(application.uri("/shop/orders" + query)).open();
    }

    private void produce(int from, int to) {
        broker.topics()
                .produce(IntStream.range(from, to)
                        .mapToObj(i -> new ProducerRecord<>(TOPIC, "k", i + " " + FILLING))
                        .toList());
    }

    /** Waits for so many events of a client, while whoever looks after the server sees nothing but silence. */
    private void awaitQuietly(WebApplication application, SseClient client, int count) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (numbers(client).size() < count) {
            Map<String, Object> feed = Beans.only().feed(TOPIC);
            assertEquals("following", feed.get("state"), feed::toString);
            assertEquals(0L, feed.get("failures"), feed::toString);
            assertEquals("", feed.get("failingPartitions"), feed::toString);
            assertEquals(200, health(application));
            longestSilence = Math.max(longestSilence, (long) feed.get("lastAnswerAgeMillis"));
            assertTrue(System.nanoTime() - deadline < 0, feed::toString);
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
    }

    private int health(WebApplication application) throws Exception {
        URI ready = application.uri("/shop/health/ready");
        return http.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static List<Integer> numbers(SseClient client) {
        return client.events().stream()
                .filter(event -> !event.type().equals("stream-position"))
                .map(event ->
                        Integer.valueOf(event.data().substring(0, event.data().indexOf(' '))))
                .toList();
    }

    private static void assertNumbers(SseClient client, int from, int to) {
        assertEquals(IntStream.range(from, to).boxed().toList(), numbers(client));
    }
}
