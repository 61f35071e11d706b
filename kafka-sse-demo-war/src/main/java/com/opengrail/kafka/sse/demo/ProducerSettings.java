package com.opengrail.kafka.sse.demo;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the demo's producer takes from the environment. The names that start with SSE_PROXY are the servlet's own.
 *
 * @param properties of Kafka, such as those of the log-in
 */
record ProducerSettings(double rate, String brokers, String topic, int partitions, Map<String, String> properties) {
    static final String RATE = "SSE_DEMO_PRODUCER_RATE";
    static final String PARTITIONS = "SSE_DEMO_TOPIC_PARTITIONS";
    static final String TOPIC = "SSE_PROXY_TOPIC";
    static final String BROKERS = "SSE_PROXY_KAFKA_BROKER_URL";

    private static final Pattern DECIMAL = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
    private static final Pattern WHOLE = Pattern.compile("\\d{1,9}");
    private static final double MOST_EVENTS = 100_000;
    private static final int MOST_PARTITIONS = 1000;

    /** Empty where the producer is off. */
    static Optional<ProducerSettings> from(Map<String, String> environment) {
        double rate = rate(value(environment, RATE).orElse("0"));
        int partitions = partitions(value(environment, PARTITIONS).orElse("1"));
        if (rate == 0) {
            return Optional.empty();
        }
        ServletVariables servlet = new ServletVariables(environment);
        String topic = servlet.value(TOPIC)
                .map(topics -> topics.split(",", 2)[0].trim())
                .filter(first -> !first.isEmpty())
                .orElseThrow(() -> new IllegalArgumentException(
                        RATE + " switches the producer on, but " + TOPIC + " names no topic to write to"));
        String brokers = servlet.value(BROKERS).orElse("localhost:9092");
        return Optional.of(new ProducerSettings(rate, brokers, topic, partitions, servlet.producerProperties()));
    }

    /** Without the properties, which hold passwords. */
    @Override
    public String toString() {
        return "ProducerSettings[" + rate + " per second to " + topic + " at " + brokers + "]";
    }

    private static double rate(String text) {
        double rate = DECIMAL.matcher(text).matches() ? Double.parseDouble(text) : -1;
        if (rate < 0 || rate > MOST_EVENTS) {
            throw wrong(RATE, text, "events per second, a decimal number from 0 (off) to 100000");
        }
        return rate;
    }

    private static int partitions(String text) {
        int partitions = WHOLE.matcher(text).matches() ? Integer.parseInt(text) : 0;
        if (partitions < 1 || partitions > MOST_PARTITIONS) {
            throw wrong(PARTITIONS, text, "a whole number from 1 to 1000");
        }
        return partitions;
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::trim).filter(text -> !text.isEmpty());
    }

    private static IllegalArgumentException wrong(String name, String value, String allowed) {
        return new IllegalArgumentException(
                "environment variable " + name + " is \"" + value + "\"; allowed is " + allowed);
    }
}
