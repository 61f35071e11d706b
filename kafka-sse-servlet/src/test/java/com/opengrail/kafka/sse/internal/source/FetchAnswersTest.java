package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.mock;

import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

/** Brokers that answered once may refuse now: only what they answer from now on is a sign of life. */
class FetchAnswersTest {
    private static final MetricName TOTAL =
            new MetricName("fetch-total", "consumer-fetch-manager-metrics", "", Map.of());

    private final Consumer<?, ?> consumer = mock(Consumer.class);
    private final Metric total = mock(Metric.class);

    private FetchAnswers answersAfter(double count) {
        doReturn(count).when(total).metricValue();
        doReturn(Map.of(TOTAL, total)).when(consumer).metrics();
        return new FetchAnswers(consumer);
    }

    @Test
    void shouldNotCountTheAnswersThatTheConsumerHadBefore() {
        FetchAnswers answers = answersAfter(7);
        assertFalse(answers.isAnyNew());
        assertFalse(answers.isAnyNew());
    }

    @Test
    void shouldCountEachAnswerOnce() {
        FetchAnswers answers = answersAfter(7);
        doReturn(8.0).when(total).metricValue();
        assertTrue(answers.isAnyNew());
        assertFalse(answers.isAnyNew());
    }

    @Test
    void shouldTakeEveryPollForAnAnswerOfAConsumerThatDoesNotCount() {
        doReturn(Map.of()).when(consumer).metrics();
        assertTrue(new FetchAnswers(consumer).isAnyNew());
    }
}
