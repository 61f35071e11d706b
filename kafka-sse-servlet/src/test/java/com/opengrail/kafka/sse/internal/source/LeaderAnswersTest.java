package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import org.junit.jupiter.api.Test;

/** Two brokers, each the leader of a partition. */
class LeaderAnswersTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);
    private static final long LATE = TimeUnit.SECONDS.toNanos(3);
    private static final long SILENT = TimeUnit.SECONDS.toNanos(10);

    private final Map<MetricName, Metric> metrics = new HashMap<>();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none") {
        @Override
        public synchronized Map<MetricName, ? extends Metric> metrics() {
            return metrics;
        }
    };
    private double ofFirst;
    private double ofSecond;
    private boolean throttled;
    private long now = -7;
    private final LeaderAnswers leaders = leaders(false);

    private LeaderAnswers leaders(boolean fetchesFromFollowers) {
        consumer.assign(List.of(FIRST, SECOND));
        consumer.seek(FIRST, 0);
        consumer.seek(SECOND, 0);
        lead(1, 2);
        metric(new MetricName("fetch-total", "consumer-fetch-manager-metrics", "", Map.of("client-id", "me")), 0);
        return new LeaderAnswers(consumer, fetchesFromFollowers, LATE, () -> now);
    }

    private void lead(int first, int second) {
        consumer.updatePartitions("orders", List.of(info(0, first), info(1, second)));
    }

    private static PartitionInfo info(int partition, int leader) {
        Node node = new Node(leader, "kafka-" + leader, 9092);
        return new PartitionInfo("orders", partition, node, new Node[] {node}, new Node[] {node});
    }

    private void metric(MetricName name, double value) {
        metrics.put(name, new Metric() {
            @Override
            public MetricName metricName() {
                return name;
            }

            @Override
            public Object metricValue() {
                return value;
            }
        });
    }

    private void answersOf(int node, double value) {
        Map<String, String> tags = Map.of("client-id", "me", "node-id", "node-" + node);
        metric(new MetricName("response-total", "consumer-node-metrics", "", tags), value);
    }

    /** Looks once a second while the brokers answer so many times a second. */
    private void pass(LeaderAnswers looking, int seconds, int first, int second) {
        for (int i = 0; i < seconds; i++) {
            now += TimeUnit.SECONDS.toNanos(1);
            ofFirst += first;
            ofSecond += second;
            answersOf(1, ofFirst);
            answersOf(2, ofSecond);
            looking.look(throttled);
        }
    }

    private void pass(int seconds, int first, int second) {
        pass(leaders, seconds, first, second);
    }

    @Test
    void shouldTellThePartitionOfALeaderThatAnswersNothingWhileAnotherDoes() {
        pass(3, 2, 2);
        pass(9, 2, 0);
        assertEquals(Set.of(), leaders.silentFor(SILENT));
        pass(1, 2, 0);
        assertEquals(Set.of(SECOND), leaders.silentFor(SILENT));
        pass(2, 2, 1);
        assertEquals(Set.of(), leaders.silentFor(SILENT));
    }

    /** What comes first may be an answer about the connection. */
    @Test
    void shouldNotTakeTheFirstAnswerOfALateLeaderForOneToAFetch() {
        pass(3, 2, 0);
        pass(1, 2, 1);
        pass(3, 2, 0);
        assertEquals(Set.of(SECOND), leaders.silentFor(LATE));
        pass(1, 2, 1);
        assertEquals(Set.of(), leaders.silentFor(LATE));
        pass(1, 2, 0);
        pass(1, 2, 1);
        pass(1, 2, 0);
        assertEquals(Set.of(), leaders.silentFor(LATE), "in time");
    }

    @Test
    void shouldTellALeaderThatHasNeverBeenConnected() {
        pass(1, 2, 2);
        lead(1, 3);
        pass(11, 2, 2);
        assertEquals(Set.of(SECOND), leaders.silentFor(SILENT));
    }

    @Test
    void shouldForgetALeaderThatIsNoneAnyMore() {
        pass(12, 2, 0);
        lead(1, 1);
        pass(1, 2, 0);
        assertEquals(Set.of(), leaders.silentFor(SILENT));
        lead(1, 2);
        pass(1, 2, 0);
        assertEquals(Set.of(), leaders.silentFor(SILENT), "it has just become one again");
    }

    @Test
    void shouldExpectNothingOfALeaderThatIsNotAsked() {
        consumer.pause(List.of(SECOND));
        pass(20, 2, 0);
        assertEquals(Set.of(), leaders.silentFor(SILENT));
        consumer.resume(List.of(SECOND));
        pass(10, 2, 0);
        assertEquals(Set.of(), leaders.silentFor(SILENT));
    }

    /** What is there already is read first. */
    @Test
    void shouldTakeProgressForAnAnswer() {
        pass(8, 2, 0);
        consumer.seek(SECOND, 1);
        pass(9, 2, 0);
        assertEquals(Set.of(), leaders.silentFor(SILENT));
    }

    @Test
    void shouldExpectNothingWhileAQuotaIsUsedUp() {
        throttled = true;
        pass(20, 0, 0);
        assertEquals(Set.of(), leaders.silentFor(SILENT));
        throttled = false;
        pass(9, 0, 0);
        assertEquals(Set.of(), leaders.silentFor(SILENT));
    }

    @Test
    void shouldBeginAnewAfterATimeWithoutALook() {
        pass(8, 2, 0);
        now += TimeUnit.SECONDS.toNanos(4);
        pass(9, 2, 0);
        assertEquals(Set.of(), leaders.silentFor(SILENT));
    }

    @Test
    void shouldSayNothingOfLeadersIfFollowersMayBeAsked() {
        LeaderAnswers ofFollowers = leaders(true);
        pass(ofFollowers, 20, 0, 0);
        assertEquals(Set.of(), ofFollowers.silentFor(SILENT));
    }

    @Test
    void shouldKnowNothingWithoutLeaders() {
        consumer.updatePartitions("orders", List.of());
        pass(20, 0, 0);
        assertEquals(Set.of(), leaders.silentFor(SILENT));
    }
}
