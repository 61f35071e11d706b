package com.opengrail.kafka.sse.internal.source;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Whether the brokers answer a consumer. A poll does not tell: it returns without records both when there are none and
 * when the brokers do not answer. The consumer counts the answers to its fetches, of which there is one at least every
 * {@code fetch.max.wait.ms}.
 *
 * <p>Threads: not safe; belongs to the owner of the consumer.
 */
public final class FetchAnswers {
    static final String GROUP = "consumer-fetch-manager-metrics";
    private static final String TOTAL = "fetch-total";

    private static final String THROTTLED = "fetch-throttle-time-max";

    private final Consumer<?, ?> consumer;
    private final Metric total;
    private final Metric throttled;
    private double seen;

    /** Of a consumer that may have had answers before: they do not count. */
    public FetchAnswers(Consumer<?, ?> consumer) {
        this.consumer = consumer;
        this.total = metric(consumer, TOTAL);
        this.throttled = metric(consumer, THROTTLED);
        isAnyNew();
    }

    private static Metric metric(Consumer<?, ?> consumer, String name) {
        return consumer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().group().equals(GROUP)
                        && metric.getKey().name().equals(name))
                .map(metric -> (Metric) metric.getValue())
                .findFirst()
                .orElse(null);
    }

    /** True if the consumer counts answers. */
    boolean areCounted() {
        return total != null;
    }

    /** Another metric of the consumer, or {@code null}. It has these tags besides those that all of them have. */
    Metric metric(String name, String group, Map<String, String> more) {
        Map<String, String> tags =
                new HashMap<>(total == null ? Map.of() : total.metricName().tags());
        tags.putAll(more);
        return consumer.metrics().get(new MetricName(name, group, "", tags));
    }

    /** True if the brokers have held back an answer in the last minute because a quota was used up. */
    public boolean areThrottled() {
        return throttled != null && (double) throttled.metricValue() > 0;
    }

    /** True if there ever was an answer, also before this was made. Then a broker has let the consumer in. */
    public boolean isAny() {
        return total == null || (double) total.metricValue() > 0;
    }

    /**
     * Whether there was an answer since the last call. If a consumer does not count answers, every poll counts as one.
     */
    public boolean isAnyNew() {
        if (total == null) {
            return true;
        }
        double now = (double) total.metricValue();
        boolean isNew = now > seen;
        seen = now;
        return isNew;
    }
}
