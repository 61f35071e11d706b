package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Start;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Random schedules of some servers and many cursors on the real classes, against an oracle that knows only the log: for
 * each partition a client gets exactly the matching events from its start on, in order, once, and is told of a gap where
 * records are gone.
 *
 * <p>Each schedule is single-threaded and follows from its seed, which a failure names.
 */
class CursorModelTest {
    /** More of them by the system property of that name. */
    private static final int SCHEDULES = Integer.getInteger("model.schedules", 10_000);

    private static final List<EventFilter> FILTERS = Stream.of(".*", "a", "b", "a,c", "[ab]", "never", "a|c|message")
            .map(EventFilter::parse)
            .toList();

    /** What happened in the schedules: each so often that the test is worth something. */
    private enum Seen {
        RESUMED,
        CUT_OFF_WITHIN_AN_ANSWER,
        SERVER_RESTARTED,
        REPLAYED,
        GAP_OF_RETENTION,
        GAP_OF_TRUNCATION,
        GAP_OF_RECREATION,
        PARTITION_ADDED,
        PREDICATE_FAILED,
        POLL_FAILED,
        MERGED_TOPICS,
        STARTED_WITHOUT_A_PARTITION,
        TOPIC_LOST
    }

    private static final Logger OF_PROJECT = (Logger) LoggerFactory.getLogger("com.opengrail.kafka.sse");

    private final Map<Seen, LongAdder> seen = new EnumMap<>(Seen.class);

    CursorModelTest() {
        for (Seen each : Seen.values()) {
            seen.put(each, new LongAdder());
        }
    }

    /** Failures are part of the schedules. */
    @BeforeAll
    static void beQuiet() {
        OF_PROJECT.setLevel(Level.ERROR);
    }

    @AfterAll
    static void beLoud() {
        OF_PROJECT.setLevel(null);
    }

    private void count(Seen what, long times) {
        seen.get(what).add(times);
    }

    @Test
    void shouldGiveEachClientJustItsEventsUnderAnySchedule() {
        long seedOfSeeds = new Random().nextLong();
        new Random(seedOfSeeds).longs(SCHEDULES).parallel().forEach(this::run);
        seen.forEach((what, times) -> assertTrue(times.sum() > SCHEDULES / 20, () -> what + ": " + times));
    }

    /** Seeds of schedules that failed once. */
    @ParameterizedTest
    @ValueSource(
            longs = {
                8439468151013455368L,
                3396873114215604104L,
                2552936752335101713L,
                8424104277791713919L,
                7062127440887415481L,
                -3187037464161177601L,
                4853876616988957910L,
                6751468319541279954L,
                2267222479671942656L,
                5751011711512991871L,
                -7960019995701452186L,
                -8082478906352298416L
            })
    void shouldGiveEachClientJustItsEventsUnderSchedulesThatFailedBefore(long seed) {
        run(seed);
    }

    private void run(long seed) {
        try {
            new Schedule(seed).run();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    @Test
    void shouldKeepWithinItsBytesWhateverIsAppended() {
        LogModel log = new LogModel(new Random(42), 2);
        FeedModel feed = new FeedModel(log, 100_000);
        for (int i = 0; i < 3_000; i++) {
            log.produceSome();
            feed.turn(() -> {});
            assertTrue(feed.footprint() <= 100_000, () -> "occupied: " + feed.footprint());
        }
        feed.settle();
        assertEquals(
                log.frames(feed.start),
                feed.window.end().sequence(),
                "every event, and every record without, has its sequence");
    }

    /** One schedule. */
    private final class Schedule {
        private final Random random;
        private final LogModel log;
        private final List<FeedModel> servers = new ArrayList<>();
        private final List<ModelClient> clients = new ArrayList<>();
        private final boolean deletes;
        private final boolean truncates;
        private final boolean changes;
        private final boolean losesTopics;
        private final boolean fails;

        Schedule(long seed) {
            random = new Random(seed);
            int partitions = 1 + random.nextInt(4);
            boolean isMerged = random.nextInt(3) == 0;
            log = isMerged ? new LogModel(random, partitions, 1 + random.nextInt(2)) : new LogModel(random, partitions);
            count(Seen.MERGED_TOPICS, isMerged ? 1 : 0);
            deletes = random.nextInt(3) == 0;
            truncates = random.nextInt(4) == 0;
            // The id of a lone partition is its offset: it cannot tell one topic from the next of that name.
            losesTopics = isMerged && random.nextInt(2) == 0;
            changes = (partitions > 1 || isMerged) && random.nextInt(3) == 0;
            fails = random.nextInt(3) == 0;
            for (int i = 0; i < 2; i++) {
                servers.add(newServer());
            }
        }

        private FeedModel newServer() {
            FeedModel started = new FeedModel(log, random.nextBoolean() ? 200 + random.nextInt(2_000) : 1 << 16);
            count(Seen.STARTED_WITHOUT_A_PARTITION, started.unanswered().size());
            return started;
        }

        void run() {
            int steps = 20 + random.nextInt(100);
            for (int step = 0; step < steps; step++) {
                step();
            }
            log.settle();
            servers.forEach(FeedModel::settle);
            clients.forEach(ModelClient::drain);
            servers.forEach(server -> count(Seen.REPLAYED, server.replays()));
            for (ModelClient client : clients) {
                count(Seen.GAP_OF_RETENTION, client.expectation().gaps("retention"));
                count(Seen.GAP_OF_TRUNCATION, client.expectation().gaps("truncated"));
                count(Seen.PREDICATE_FAILED, client.failures());
                count(Seen.GAP_OF_RECREATION, client.expectation().gaps("recreated"));
            }
        }

        private void step() {
            switch (random.nextInt(13)) {
                case 0 -> join(server());
                case 1, 2, 3 -> log.produceSome();
                case 4 -> turn(server());
                case 5 -> withClient(ModelClient::keepAlive);
                case 6 -> withClient(this::resume);
                case 7 -> server().replayTurn();
                case 8 -> changeLog();
                case 9 -> restartSometimes();
                case 10 -> failSometimes();
                default -> readSome();
            }
        }

        private void changeLog() {
            if (losesTopics && random.nextInt(2) == 0) {
                loseOrRegainTopic();
            } else if (random.nextInt(4) == 0) {
                log.gainLeaders();
            } else if (deletes && random.nextInt(4) == 0) {
                log.deleteSome();
            } else if (truncates && random.nextInt(4) == 0) {
                truncateSome();
            } else if (changes && random.nextInt(3) == 0) {
                log.recreate();
            } else if (changes && random.nextInt(3) == 0) {
                log.addPartition();
                count(Seen.PARTITION_ADDED, 1);
            }
        }

        private void loseOrRegainTopic() {
            if (log.hasLostATopic()) {
                log.regainTopic();
            } else {
                log.loseTopic();
                count(Seen.TOPIC_LOST, 1);
            }
        }

        private void truncateSome() {
            Map<TopicPartition, Long> before = new HashMap<>();
            log.layout().partitions().forEach(partition -> before.put(partition, log.end(partition)));
            TopicPartition truncated = log.truncateSome();
            clients.forEach(client -> client.truncated(truncated, before.get(truncated)));
        }

        private void failSometimes() {
            if (fails && random.nextInt(3) == 0) {
                server().failOnce();
                count(Seen.POLL_FAILED, 1);
            }
        }

        private FeedModel server() {
            return servers.get(random.nextInt(servers.size()));
        }

        private void join(FeedModel server) {
            Start start = switch (random.nextInt(5)) {
                case 0 -> new Start.Earliest();
                case 1 ->
                    log.topics().size() > 1
                            ? new Start.BeforeEnd(random.nextInt(50))
                            : new Start.AtOffsets(log.someOffsets());
                case 2 -> new Start.AtOffset(random.nextInt(1_000));
                default -> new Start.Latest();
            };
            clients.add(new ModelClient(server, start, FILTERS.get(random.nextInt(FILTERS.size())), random));
        }

        private void turn(FeedModel server) {
            server.turn(() -> {
                switch (random.nextInt(50)) {
                    case 0 -> join(server);
                    case 1 -> readSome();
                    default -> {}
                }
            });
        }

        /** The clients of a server that is started anew come back, to it or to another. */
        private void restartSometimes() {
            if (random.nextInt(4) == 0 && !log.hasLostATopic()) {
                FeedModel old = servers.remove(random.nextInt(servers.size()));
                servers.add(newServer());
                clients.stream().filter(client -> client.isOn(old)).forEach(this::resume);
                count(Seen.SERVER_RESTARTED, 1);
            }
        }

        private void readSome() {
            for (int i = 0; i < 4; i++) {
                withClient(this::read);
            }
        }

        private void read(ModelClient client) {
            client.read();
            if (client.isCutOff()) {
                count(Seen.CUT_OFF_WITHIN_AN_ANSWER, 1);
                resume(client);
            }
        }

        private void resume(ModelClient client) {
            client.resumeOn(server());
            count(Seen.RESUMED, 1);
        }

        private void withClient(Consumer<ModelClient> action) {
            if (!clients.isEmpty()) {
                action.accept(clients.get(random.nextInt(clients.size())));
            }
        }
    }
}
