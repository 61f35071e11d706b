package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Random schedules of one tail and many cursors on the real classes, against an oracle that knows only the log: for each
 * partition a client gets exactly the matching events from its start on, in order, once.
 */
class CursorModelTest {
    private static final int SCHEDULES = 4_000;
    private static final String[] FILTERS = {".*", "a", "b", "a,c", "[ab]", "never", "a|c|message"};

    @Test
    void shouldGiveEachClientJustItsEventsUnderAnySchedule() {
        Random seeds = new Random();
        int resumed = 0;
        int gaps = 0;
        int failures = 0;
        for (int i = 0; i < SCHEDULES; i++) {
            long seed = seeds.nextLong();
            try {
                Schedule schedule = new Schedule(seed);
                schedule.run();
                resumed += schedule.resumed;
                gaps += schedule.gaps();
                failures += schedule.failures();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertTrue(resumed > SCHEDULES, "resumed: " + resumed);
        assertTrue(gaps > SCHEDULES / 10, "told of a gap: " + gaps);
        assertTrue(failures > SCHEDULES / 10, "failures of the application's code: " + failures);
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
        assertEquals(log.frames(), feed.window.end().sequence(), "every event, or dropped record, has its sequence");
    }

    /** One schedule: single-threaded, all of it from the seed. */
    private static final class Schedule {
        private final Random random;
        private final LogModel log;
        private final List<FeedModel> servers = new ArrayList<>();
        private final List<ModelClient> clients = new ArrayList<>();
        private final boolean deletes;
        private int resumed;

        Schedule(long seed) {
            random = new Random(seed);
            log = new LogModel(random, 1 + random.nextInt(4));
            deletes = random.nextInt(3) == 0;
            for (int i = 0; i < 2; i++) {
                servers.add(new FeedModel(log, random.nextBoolean() ? 200 + random.nextInt(2_000) : 1 << 20));
            }
        }

        void run() {
            int steps = 20 + random.nextInt(100);
            for (int step = 0; step < steps; step++) {
                step();
            }
            servers.forEach(server -> server.turn(() -> {}));
            clients.forEach(ModelClient::drain);
        }

        int gaps() {
            return clients.stream().mapToInt(ModelClient::gaps).sum();
        }

        int failures() {
            return clients.stream().mapToInt(ModelClient::failures).sum();
        }

        private void step() {
            switch (random.nextInt(10)) {
                case 0 -> join(server());
                case 1, 2, 3 -> log.produceSome();
                case 4 -> turn(server());
                case 5 -> withClient(ModelClient::keepAlive);
                case 6 -> withClient(this::resume);
                case 7 -> server().replayTurn();
                case 8 -> deleteSome();
                default -> readSome();
            }
        }

        private void deleteSome() {
            if (deletes && random.nextInt(4) == 0) {
                log.deleteSome();
            }
        }

        private FeedModel server() {
            return servers.get(random.nextInt(servers.size()));
        }

        private void join(FeedModel server) {
            Start start = switch (random.nextInt(4)) {
                case 0 -> new Start.Earliest();
                case 1 -> new Start.AtOffsets(log.someOffsets());
                default -> new Start.Latest();
            };
            EventFilter filter = EventFilter.parse(FILTERS[random.nextInt(FILTERS.length)]);
            clients.add(new ModelClient(server, start, filter, random));
        }

        private void turn(FeedModel server) {
            server.turn(() -> {
                switch (random.nextInt(20)) {
                    case 0 -> join(server);
                    case 1 -> readSome();
                    default -> {}
                }
            });
        }

        private void readSome() {
            for (int i = 0; i < 4; i++) {
                withClient(ModelClient::read);
            }
        }

        private void resume(ModelClient client) {
            client.resumeOn(server());
            resumed++;
        }

        private void withClient(Consumer<ModelClient> action) {
            if (!clients.isEmpty()) {
                action.accept(clients.get(random.nextInt(clients.size())));
            }
        }
    }
}
