package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.opengrail.kafka.sse.internal.cursor.ClientSources;
import com.opengrail.kafka.sse.internal.cursor.Cursor;
import com.opengrail.kafka.sse.internal.cursor.Follower;
import com.opengrail.kafka.sse.internal.cursor.StartFailure;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import com.opengrail.kafka.sse.internal.source.OffsetLookups;
import com.opengrail.kafka.sse.internal.source.OffsetQuestion;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.FakeSource;
import com.opengrail.kafka.sse.testing.NoReplays;
import com.opengrail.kafka.sse.testing.QuietFollower;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Who gets one of the places for feeds when there are few. */
class FeedsTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long WINDOW_BYTES = 1 << 24;
    private static final long SHARED_BYTES = 3 << 21;
    private static final String ADDRESS = "192.0.2.1";
    private static final String OTHER_ADDRESS = "192.0.2.2";

    private final FakeSource source = new FakeSource();
    private volatile long now;
    private final ClientSources ofClients = new ClientSources(new NoReplays(), new OffsetLookups(source, () -> now));
    private final Feeds feeds = new Feeds(
            new FeedSources(
                    source,
                    ofClients,
                    "feeds-test",
                    new Counters(),
                    EngineThreads.ofCaller(),
                    () -> now,
                    InstantSource.system()),
            new FeedOptions(
                    WINDOW_BYTES,
                    SHARED_BYTES,
                    Duration.ofMillis(1),
                    EventFilter.all(),
                    Duration.ofSeconds(5),
                    Set.of("b", "a")),
            2);

    /** Mappers that have been called, and what lets them return. */
    private final AtomicInteger mapping = new AtomicInteger();

    private final CountDownLatch mapped = new CountDownLatch(1);

    @AfterEach
    void close() {
        mapped.countDown();
        feeds.close(1_000);
    }

    @Test
    void shouldRefuseOneFeedTooMany() {
        assertNotNull(feeds.enter(List.of("x"), ADDRESS));
        assertNotNull(feeds.enter(List.of("y"), ADDRESS));
        assertNull(feeds.enter(List.of("z"), ADDRESS));
        assertNotNull(feeds.enter(List.of("x"), ADDRESS), "of a feed that is there already any number takes part");
    }

    @Test
    void shouldLetTheFeedWithoutClientsGiveWayThatHasHadNoneForLongest() {
        Membership first = feeds.enter(List.of("x"), ADDRESS);
        Membership second = feeds.enter(List.of("y"), ADDRESS);
        second.leave();
        now = 1;
        first.leave();
        now = 2;
        assertNotNull(feeds.enter(List.of("z"), ADDRESS));
        assertEquals(Set.of("x", "z"), feeds.statuses().keySet());
    }

    private boolean replaces(String topic, String address) {
        Membership entered = feeds.enter(List.of(topic), address);
        if (entered == null) {
            return false;
        }
        CompletableFuture<Cursor> opened = new CompletableFuture<>();
        Follower follower = new QuietFollower() {
            @Override
            public void opened(Cursor cursor) {
                opened.complete(cursor);
            }

            @Override
            public boolean failed(StartFailure failure) {
                return opened.completeExceptionally(new IllegalStateException(failure.toString()));
            }

            @Override
            public void wake() {}
        };
        entered.follow(new Start.Latest(), follower);
        opened.orTimeout(10, TimeUnit.SECONDS).join().close();
        entered.leave(follower);
        return true;
    }

    /** Each new feed costs a consumer, and its configuration in the log. */
    @Test
    void shouldLetAnAddressReplaceSomeFeedsAtOnceAndThenAFewPerSecond() {
        assertTrue(replaces("x", ADDRESS));
        assertTrue(replaces("y", ADDRESS));
        for (int i = 0; i < 50; i++) {
            assertTrue(replaces("x" + i, ADDRESS));
        }
        assertFalse(replaces("one too many", ADDRESS));
        assertTrue(replaces("of another", OTHER_ADDRESS));
        assertNotNull(feeds.enter(List.of("a", "b"), ADDRESS), "the default topics");
        now += TimeUnit.MILLISECONDS.toNanos(500);
        assertTrue(replaces("later", ADDRESS));
        assertFalse(replaces("not yet", ADDRESS));
    }

    /** It takes a while until it has filled its window. */
    @Test
    void shouldCountTheReplacementOfAFeedThatHasAConsumerAndNoWindow() throws InterruptedException {
        for (int i = 0; i < 52; i++) {
            assertTrue(replaces("x" + i, ADDRESS));
        }
        CountDownLatch polls = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        // Of a long log, it reads some records before it makes the window.
        for (int i = 0; i < 100; i++) {
            source.produce("key", "value");
        }
        stopInPoll("feeds-test-feed-53", polls, released);
        Membership slow = feeds.enter(List.of("slow"), OTHER_ADDRESS);
        assertTrue(polls.await(10, TimeUnit.SECONDS));
        slow.leave();
        assertFalse(replaces("one too many", ADDRESS));
        released.countDown();
    }

    private void stopInPoll(String thread, CountDownLatch polls, CountDownLatch released) {
        source.failOnce(() -> {
            if (!Thread.currentThread().getName().equals(thread)) {
                stopInPoll(thread, polls, released);
                return null;
            }
            polls.countDown();
            try {
                released.await(10, TimeUnit.SECONDS);
                return null;
            } catch (InterruptedException e) {
                return new InterruptException(e);
            }
        });
    }

    @Test
    void shouldAlwaysHaveAPlaceForTheDefaultTopics() {
        assertNotNull(feeds.enter(List.of("x"), ADDRESS));
        assertNotNull(feeds.enter(List.of("y"), ADDRESS));
        assertNotNull(feeds.enter(List.of("a", "b"), ADDRESS));
        assertNull(feeds.enter(List.of("a"), ADDRESS));
    }

    /** The default topics have one more. */
    @Test
    void shouldEndAsManyFeedsAsAreMissingOrNone() {
        Membership first = feeds.enter(List.of("x"), ADDRESS);
        Membership second = feeds.enter(List.of("y"), ADDRESS);
        feeds.enter(List.of("a", "b"), ADDRESS);
        first.leave();
        assertNull(feeds.enter(List.of("z"), ADDRESS));
        assertEquals(Set.of("x", "y", "a,b"), feeds.statuses().keySet());
        second.leave();
        assertNotNull(feeds.enter(List.of("z"), ADDRESS));
        assertEquals(Set.of("z", "a,b"), feeds.statuses().keySet());
    }

    @Test
    void shouldCountNoReplacementForWhoGetsNoPlace() {
        Membership first = feeds.enter(List.of("x"), ADDRESS);
        Membership stays = feeds.enter(List.of("y"), ADDRESS);
        assertTrue(replaces("x", ADDRESS), "it has started");
        assertTrue(replaces("y", ADDRESS), "it has started");
        feeds.enter(List.of("a", "b"), ADDRESS);
        first.leave();
        assertFalse(replaces("z", OTHER_ADDRESS));
        stays.leave();
        for (int i = 0; i < 50; i++) {
            assertTrue(replaces("z" + i, OTHER_ADDRESS));
        }
        assertFalse(replaces("one too many", OTHER_ADDRESS));
    }

    /** Otherwise requests for many combinations of topics would fill the memory. */
    @Test
    void shouldShareTheMemoryForWindowsAmongAllButTheDefaultTopics() {
        assertEquals(SHARED_BYTES, feeds.share(), "of one");
        assertEquals(SHARED_BYTES / 4, feeds.fetchBytes());
        feeds.enter(List.of("x"), ADDRESS);
        feeds.enter(List.of("y"), ADDRESS);
        assertEquals(SHARED_BYTES / 2, feeds.share());
        assertEquals(SHARED_BYTES / 8, feeds.fetchBytes());
        feeds.enter(List.of("a", "b"), ADDRESS);
        assertEquals(SHARED_BYTES / 3, feeds.share());
        feeds.close(1_000);
        assertEquals(SHARED_BYTES, feeds.share());
    }

    @Test
    void shouldStartNothingAfterItIsClosed() {
        feeds.close(1_000);
        assertNull(feeds.enter(List.of("x"), ADDRESS));
    }

    private final class Asker implements OffsetLookups.Asker {
        private final AtomicInteger answers = new AtomicInteger();

        void ask(String topic, int number) {
            Layout layout = new Layout(List.of(new Layout.Topic(topic + number, new Uuid(1, number), 1)));
            ofClients.lookups().ask(OffsetQuestion.ofEnds(layout, Set.of()), this);
        }

        @Override
        public String payer() {
            return ADDRESS;
        }

        @Override
        public void answered(LogOffsets offsets) {
            answers.incrementAndGet();
        }

        @Override
        public void unanswered() {
            throw new IllegalStateException("there is an answer or none yet");
        }
    }

    @Test
    void shouldGoOnAskingWhileBrokersDoNotAnswerForSomeTopics() {
        source.keepSilent();
        for (int i = 0; i < 12; i++) {
            new Asker().ask("sick", i);
        }
        // Those that have been asked stay without an answer.
        source.keepSilent();
        source.tell();
        Asker asker = new Asker();
        asker.ask("well", 0);
        feeds.tick();
        assertEquals(0, asker.answers.get());
        now += TimeUnit.SECONDS.toNanos(2);
        feeds.tick();
        assertEquals(1, asker.answers.get());
    }

    /** As code does that loops, or that waits for a socket: an interrupt does not end it. */
    private void letMappersHang() {
        source.produce("key", "value");
        source.mapWith((record, event, next) -> {
            mapping.incrementAndGet();
            boolean interrupted = false;
            while (mapped.getCount() > 0) {
                try {
                    mapped.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void visitAndHang(List<String> topics, int hanging) {
        Membership visit = feeds.enter(topics, ADDRESS);
        Await.until("a mapper that hangs", LIMIT, () -> mapping.get() == hanging, mapping::get);
        visit.leave();
    }

    private void pass(int seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
        feeds.tick();
    }

    @Test
    void shouldKeepTheNextFeedOfTopicsWhoseMapperDoesNotReturn() {
        letMappersHang();
        visitAndHang(List.of("x"), 1);
        pass(10);
        assertEquals(Set.of(), feeds.statuses().keySet());
        visitAndHang(List.of("x"), 2);
        pass(10);
        for (int i = 0; i < 3; i++) {
            visitAndHang(List.of("x"), 2);
            pass(10);
        }
        assertEquals(Set.of("x"), feeds.statuses().keySet());
        assertEquals(2, running());
        mapped.countDown();
        Await.until("the end of the first", LIMIT, () -> running() == 1, FeedsTest::running);
        pass(0);
        assertEquals(Set.of(), feeds.statuses().keySet(), "it has had no clients for long");
    }

    /** The one that follows it does not wait while it ends. */
    @Test
    void shouldCountAFeedThatDoesNotEnd() {
        letMappersHang();
        visitAndHang(List.of("x"), 1);
        pass(10);
        assertEquals(SHARED_BYTES, feeds.share());
        assertNotNull(feeds.enter(List.of("y"), ADDRESS));
        Membership last = feeds.enter(List.of("z"), ADDRESS);
        assertNotNull(last, "it has had no time to end");
        last.leave();
        pass(5);
        assertEquals(SHARED_BYTES / 3, feeds.share());
        assertNull(feeds.enter(List.of("w"), OTHER_ADDRESS));
        assertNotNull(feeds.enter(List.of("a", "b"), ADDRESS), "the default topics");
        mapped.countDown();
        Await.until("the end of x and z", LIMIT, () -> running() == 2, FeedsTest::running);
        assertEquals(SHARED_BYTES / 2, feeds.share());
    }

    /** Nobody would know why there is no place for others. */
    @Test
    void shouldLogOnceThatAFeedDoesNotEnd() {
        Logger logger = (Logger) LoggerFactory.getLogger(Feeds.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            letMappersHang();
            visitAndHang(List.of("x"), 1);
            pass(10);
            pass(4);
            assertEquals(List.of(), lines.list);
            for (int i = 0; i < 100; i++) {
                pass(1);
            }
        } finally {
            logger.detachAppender(lines);
        }
        assertEquals(
                List.of("[WARN] Told to end 5 seconds ago, and still running: the feed of x."
                        + " A mapper may not return. Until it does, the feed counts for max-feeds"
                        + "; for a minute others are logged at debug level"),
                lines.list.stream().map(ILoggingEvent::toString).toList());
    }

    /** To make place for others, as well. */
    @Test
    void shouldNotReplaceTheNextFeedOfTopicsWhoseMapperDoesNotReturn() {
        letMappersHang();
        visitAndHang(List.of("x"), 1);
        pass(10);
        visitAndHang(List.of("x"), 2);
        assertNotNull(feeds.enter(List.of("y"), ADDRESS));
        assertNull(feeds.enter(List.of("z"), ADDRESS));
        assertEquals(Set.of("x", "y"), feeds.statuses().keySet());
    }

    private static long running() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("feeds-test-feed-"))
                .count();
    }
}
