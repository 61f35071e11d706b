package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** Two brokers, each the leader of a partition. */
class BrokerAnswersTest {
    private static final String TOPIC = "eu.orders";
    private static final String FETCHES = "consumer-fetch-manager-metrics";
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic(TOPIC, new Uuid(1, 2), 2)));
    private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
    private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);
    private static final int MOST_RECORDS = 500;
    private static final long LATE = TimeUnit.SECONDS.toNanos(3);
    private static final long SILENT = TimeUnit.SECONDS.toNanos(10);

    private final Map<MetricName, Metric> metrics = new HashMap<>();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none") {
        @Override
        public synchronized Map<MetricName, ? extends Metric> metrics() {
            return metrics;
        }

        @Override
        public synchronized List<PartitionInfo> partitionsFor(String topic, Duration timeout) {
            if (isForgetful) {
                throw new TimeoutException("for the test");
            }
            return super.partitionsFor(topic, timeout);
        }
    };
    private final long[] next = {0, 0};
    private boolean isForgetful;
    private double ofFirst;
    private double ofSecond;
    private int records;
    private long now = -7;
    private final BrokerAnswers brokers = brokers();

    private BrokerAnswers brokers() {
        consumer.assign(List.of(FIRST, SECOND));
        lead(1, 2);
        metric("fetch-total", FETCHES, Map.of(), 0.0);
        metric("fetch-throttle-time-max", FETCHES, Map.of(), Double.NaN);
        return newBrokers();
    }

    private BrokerAnswers newBrokers() {
        return new BrokerAnswers(consumer, new FetchAnswers(consumer), MOST_RECORDS, LATE, () -> now);
    }

    private void lead(int first, int second) {
        consumer.updatePartitions(TOPIC, List.of(info(0, first), info(1, second)));
    }

    private static PartitionInfo info(int partition, int leader) {
        Node node = leader < 0 ? null : new Node(leader, "kafka-" + leader, 9092);
        return new PartitionInfo(TOPIC, partition, node, new Node[0], new Node[0]);
    }

    private void metric(String name, String group, Map<String, String> more, Object value) {
        Map<String, String> tags = new HashMap<>(more);
        tags.put("client-id", "me");
        MetricName named = new MetricName(name, group, "", tags);
        metrics.put(named, new Metric() {
            @Override
            public MetricName metricName() {
                return named;
            }

            @Override
            public Object metricValue() {
                return value;
            }
        });
    }

    private void bytesOf(int node, double value) {
        metric("incoming-byte-total", "consumer-node-metrics", Map.of("node-id", "node-" + node), value);
    }

    /** Looks once a second while so many bytes come of each broker. */
    private void pass(int seconds, int first, int second) {
        for (int i = 0; i < seconds; i++) {
            pass(TimeUnit.SECONDS.toNanos(1), first, second);
        }
    }

    private void pass(long nanos, int first, int second) {
        now += nanos;
        ofFirst += first;
        ofSecond += second;
        bytesOf(1, ofFirst);
        bytesOf(2, ofSecond);
        brokers.look(records, new Position(LAYOUT, next.clone()));
    }

    @Test
    void shouldTellThePartitionOfABrokerThatAnswersNothingWhileAnotherDoes() {
        pass(3, 2, 2);
        pass(9, 2, 0);
        assertEquals(Set.of(), brokers.silentFor(SILENT));
        pass(1, 2, 0);
        assertEquals(Set.of(SECOND), brokers.silentFor(SILENT));
        pass(2, 2, 1);
        assertEquals(Set.of(), brokers.silentFor(SILENT));
    }

    /** What comes first may be an answer about the connection. */
    @Test
    void shouldNotTakeTheFirstAnswerOfALateBrokerForOneToAFetch() {
        pass(4, 2, 0);
        pass(1, 2, 1);
        assertEquals(Set.of(SECOND), brokers.silentFor(LATE));
        pass(3, 2, 0);
        assertEquals(Set.of(SECOND), brokers.silentFor(LATE));
        pass(1, 2, 1);
        assertEquals(Set.of(), brokers.silentFor(LATE));
        pass(1, 2, 0);
        pass(1, 2, 1);
        pass(1, 2, 0);
        assertEquals(Set.of(), brokers.silentFor(LATE), "in time");
    }

    @Test
    void shouldTellABrokerThatHasNeverBeenConnected() {
        pass(1, 2, 2);
        lead(1, 3);
        pass(11, 2, 2);
        assertEquals(Set.of(SECOND), brokers.silentFor(SILENT));
    }

    @Test
    void shouldForgetALeaderThatIsNoneAnyMore() {
        pass(12, 2, 0);
        lead(1, 1);
        pass(1, 2, 0);
        assertEquals(Set.of(), brokers.silentFor(SILENT));
        lead(1, 2);
        pass(1, 2, 0);
        assertEquals(Set.of(), brokers.silentFor(SILENT), "it has just become one again");
        lead(1, -1);
        pass(20, 2, 0);
        assertEquals(Set.of(), brokers.silentFor(SILENT), "there is none");
    }

    @Test
    void shouldLookAtTheFollowerThatIsAsked() {
        String inMetrics = TOPIC.replace('.', '_');
        lead(1, 1);
        metric("preferred-read-replica", FETCHES, Map.of("topic", TOPIC, "partition", "0"), 2);
        metric("preferred-read-replica", FETCHES, Map.of("topic", inMetrics, "partition", "1"), 2);
        pass(20, 0, 2);
        assertEquals(Set.of(), brokers.silentFor(SILENT));
        pass(20, 2, 0);
        assertEquals(Set.of(FIRST, SECOND), brokers.silentFor(SILENT));
        metric("preferred-read-replica", FETCHES, Map.of("topic", TOPIC, "partition", "0"), -1);
        pass(20, 2, 0);
        assertEquals(Set.of(SECOND), brokers.silentFor(SILENT), "the leader is asked again");
    }

    @Test
    void shouldExpectNothingOfABrokerThatIsNotAsked() {
        consumer.pause(List.of(SECOND));
        pass(20, 2, 0);
        assertEquals(Set.of(), brokers.silentFor(SILENT));
        consumer.resume(List.of(SECOND));
        pass(10, 2, 0);
        assertEquals(Set.of(), brokers.silentFor(SILENT));
    }

    /** Then what has been fetched is not asked for again. */
    @Test
    void shouldExpectNothingWhileFetchedRecordsWait() {
        records = MOST_RECORDS;
        pass(20, 2, 0);
        assertEquals(Set.of(), brokers.silentFor(SILENT));
        records = MOST_RECORDS - 1;
        pass(5, 2, 0);
        records = MOST_RECORDS;
        pass(20, 2, 0);
        assertEquals(Set.of(), brokers.silentFor(SILENT));
        records = MOST_RECORDS - 1;
        pass(5, 2, 0);
        assertEquals(Set.of(SECOND), brokers.silentFor(SILENT));
    }

    @Test
    void shouldTakeProgressForAnAnswer() {
        pass(8, 2, 0);
        next[1]++;
        pass(9, 2, 0);
        assertEquals(Set.of(), brokers.silentFor(SILENT));
    }

    @Test
    void shouldNotTakeOtherPartitionsOfABrokerForProgress() {
        lead(2, 2);
        pass(6, 2, 0);
        consumer.pause(List.of(FIRST));
        pass(6, 2, 0);
        assertEquals(Set.of(SECOND), brokers.silentFor(SILENT));
        consumer.resume(List.of(FIRST));
        pass(1, 2, 0);
        assertEquals(Set.of(FIRST, SECOND), brokers.silentFor(SILENT));
    }

    @Test
    void shouldExpectNothingWhileAQuotaIsUsedUp() {
        metric("fetch-throttle-time-max", FETCHES, Map.of(), 100.0);
        BrokerAnswers throttled = newBrokers();
        for (int i = 0; i < 20; i++) {
            now += TimeUnit.SECONDS.toNanos(1);
            throttled.look(0, new Position(LAYOUT, next.clone()));
        }
        assertEquals(Set.of(), throttled.silentFor(SILENT));
    }

    @Test
    void shouldCountNoMoreThanTwoSecondsForATurnThatTakesLong() {
        pass(1, 2, 2);
        pass(TimeUnit.MINUTES.toNanos(1), 2, 0);
        assertEquals(Set.of(), brokers.silentFor(TimeUnit.SECONDS.toNanos(2) + 1));
        for (int i = 0; i < 4; i++) {
            pass(TimeUnit.SECONDS.toNanos(5), 2, 0);
        }
        assertEquals(Set.of(SECOND), brokers.silentFor(SILENT));
    }

    @Test
    void shouldLookOnceASecond() {
        pass(1, 2, 2);
        for (int i = 0; i < 99; i++) {
            pass(TimeUnit.MILLISECONDS.toNanos(10), 2, 0);
        }
        assertEquals(Set.of(), brokers.silentFor(1));
        pass(TimeUnit.MILLISECONDS.toNanos(10), 2, 0);
        assertEquals(Set.of(SECOND), brokers.silentFor(TimeUnit.SECONDS.toNanos(1)));
    }

    @Test
    void shouldKnowNothingWithoutLeaders() {
        isForgetful = true;
        pass(20, 0, 0);
        assertEquals(Set.of(), brokers.silentFor(SILENT));
    }

    @Test
    void shouldExpectNothingOfAConsumerThatDoesNotCount() {
        metrics.clear();
        BrokerAnswers uncounted = newBrokers();
        for (int i = 0; i < 20; i++) {
            now += TimeUnit.SECONDS.toNanos(1);
            uncounted.look(0, new Position(LAYOUT, next.clone()));
        }
        assertEquals(Set.of(), uncounted.silentFor(SILENT));
    }
}
