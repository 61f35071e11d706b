package com.opengrail.kafka.sse.demo;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes demo events at a steady rate until closed. One thread of its own does all work; trouble with the brokers is
 * logged when it begins, and the producer goes on trying.
 */
final class DemoProducer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoProducer.class);
    private static final String NAME = "kafka-sse-demo-producer";
    private static final long TICK_MILLIS = 20;
    private static final int ANSWER_MILLIS = 2000;

    private final ProducerSettings settings;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(DemoProducer::daemon);
    private final AtomicBoolean troubled = new AtomicBoolean();

    // touched by who starts and closes
    private Future<?> ticks;

    // touched by the thread only, and by close() after it has ended
    private final DemoEvents events = new DemoEvents(new Random(), Clock.systemUTC());
    private Producer<String, String> producer;
    private Pace pace;

    /** When to try to start again, since a log-in that is refused fails at once. */
    private long nextStart = System.nanoTime();

    DemoProducer(ProducerSettings settings) {
        this.settings = settings;
    }

    /** Returns when the topic is there, since a browser does not come back to a topic that was not; or when trouble is known. */
    void start() {
        Future<?> first = thread.submit(this::tick);
        ticks = thread.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        try {
            first.get(2L * ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            report(e);
        }
    }

    @Override
    public void close() {
        if (ticks != null) {
            ticks.cancel(true);
        }
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(2L * ANSWER_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.warn("The demo producer's thread did not end in time");
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (producer != null) {
            producer.close(Duration.ofSeconds(1));
        }
    }

    // What becomes of a record, its callback is told.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void tick() {
        try {
            if (producer == null) {
                if (System.nanoTime() - nextStart < 0) {
                    return;
                }
                nextStart = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS);
                createTopic();
                producer = new KafkaProducer<>(configuration(), new StringSerializer(), new StringSerializer());
                pace = new Pace(settings.rate(), System.nanoTime());
                LOG.info("Writing {} events per second to topic {}", settings.rate(), settings.topic());
            }
            for (int left = pace.due(System.nanoTime()); left > 0; left--) {
                DemoEvents.Event event = events.next();
                ProducerRecord<String, String> record =
                        new ProducerRecord<>(settings.topic(), event.name(), event.json());
                producer.send(record, (metadata, failure) -> report(failure));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | ExecutionException | TimeoutException e) {
            // Thrown on, it would end the timer without a word.
            report(e);
        }
    }

    private void createTopic() throws InterruptedException, ExecutionException, TimeoutException {
        NewTopic topic = new NewTopic(settings.topic(), Optional.of(settings.partitions()), Optional.empty());
        Map<String, Object> configuration = new HashMap<>(settings.properties());
        configuration.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.brokers());
        configuration.put(AdminClientConfig.CLIENT_ID_CONFIG, NAME);
        configuration.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
        configuration.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_MILLIS);
        try (Admin admin = Admin.create(configuration)) {
            admin.createTopics(List.of(topic)).all().get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            // Who may not make topics may still write to one that is there.
            if (!(e.getCause() instanceof TopicExistsException) && !(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
            LOG.debug("Topic {} has not been made", settings.topic(), e);
        }
    }

    private Map<String, Object> configuration() {
        Map<String, Object> configuration = new HashMap<>(settings.properties());
        configuration.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.brokers());
        configuration.put(ProducerConfig.CLIENT_ID_CONFIG, NAME);
        // an undeploy waits no longer than this for a send
        configuration.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER_MILLIS);
        return configuration;
    }

    private void report(Exception failure) {
        if (failure == null) {
            if (troubled.compareAndSet(true, false)) {
                LOG.info("The demo producer's events reach topic {} again", settings.topic());
            }
        } else if (troubled.compareAndSet(false, true)) {
            LOG.warn(
                    "The demo producer cannot write to topic {} at {} and goes on trying: {}",
                    settings.topic(),
                    settings.brokers(),
                    failure.toString());
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, NAME);
        thread.setDaemon(true);
        return thread;
    }
}
