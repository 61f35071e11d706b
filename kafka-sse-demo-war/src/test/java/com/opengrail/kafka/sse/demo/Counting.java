package com.opengrail.kafka.sse.demo;

import com.opengrail.kafka.sse.testing.Topics;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes records that say their own offset to a topic of one partition, 20 per second, until stopped. */
final class Counting implements AutoCloseable {
    private static final List<String> NAMES = List.of("customer", "order", "product-campaign");

    private final Producer<String, String> producer;
    private final String topic;
    private final AtomicLong next = new AtomicLong();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();

    private Counting(Producer<String, String> producer, String topic) {
        this.producer = producer;
        this.topic = topic;
    }

    static Counting start(Topics topics, String topic) {
        Counting counting = new Counting(topics.producer(), topic);
        counting.thread.scheduleAtFixedRate(counting::write, 0, 50, TimeUnit.MILLISECONDS);
        return counting;
    }

    /** How the page should note the event at an offset. */
    static String row(long offset) {
        return offset + " " + name(offset) + " " + value(offset);
    }

    /** Number of records written so far. */
    long written() {
        return next.get();
    }

    /** Returns the last offset. */
    long stop() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the writing thread did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the writing thread ended", e);
        }
        producer.flush();
        return next.get() - 1;
    }

    @Override
    public void close() {
        stop();
        producer.close();
    }

    private void write() {
        long offset = next.getAndIncrement();
        producer.send(new ProducerRecord<>(topic, name(offset), value(offset)));
    }

    private static String name(long offset) {
        return NAMES.get((int) (offset % NAMES.size()));
    }

    private static String value(long offset) {
        return "{\"offset\":" + offset + ",\"text\":\"näher\"}";
    }
}
