package com.opengrail.kafka.sse.internal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.cursor.WaitingReplay;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.Description;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A reader whose log-in is refused tries again seldom: each attempt writes lines to the log. */
class ReplayThreadTest {
    private final KafkaSource source = mock(KafkaSource.class);
    private long now;
    private int pollsToCome;

    /** Which consumer has polled when, in seconds. */
    private final List<String> polls = new ArrayList<>();

    private int consumers;

    private final ReplayPool pool = new ReplayPool(
            source,
            new ReplayOptions(1, 10, 1 << 20, Duration.ofMillis(100), EventFilter.all(), "test"),
            new Counters(),
            EngineThreads.ofCaller(),
            () -> now);

    /** Its rests pass as they begin. */
    private final ReplayThread thread = new ReplayThread(pool, 0, "reader", new CountDownLatch(1) {
        @Override
        public boolean await(long timeout, TimeUnit unit) {
            now += unit.toNanos(timeout);
            return pool.isClosed();
        }
    });

    /** Is refused each time that it polls. */
    private final class RefusedConsumer extends MockConsumer<byte[], byte[]> {
        private final int number = ++consumers;

        RefusedConsumer() {
            super("none");
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            polls.add(number + " at " + TimeUnit.NANOSECONDS.toSeconds(now));
            if (polls.size() == pollsToCome) {
                pool.close();
            }
            throw new SaslAuthenticationException("wrong password");
        }
    }

    @BeforeEach
    void ask() {
        Layout layout = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 1)));
        when(source.describe(any()))
                .thenReturn(CompletableFuture.completedStage(
                        new Description(layout.topics(), Set.of(), Set.of(), Set.of())));
        when(source.newMapperChain()).thenReturn(mock(MapperChain.class));
        when(source.newReplayConsumer(any(), anyInt(), anyInt(), any())).thenAnswer(call -> new RefusedConsumer());
        TopicWatch topics = new TopicWatch(List.of("orders"), source, TimeUnit.SECONDS.toNanos(1), () -> now);
        topics.ask();
        Position position = new Position(topics.layout(), new long[] {20});
        pool.queue.add(new WaitingReplay(topics, "address", position).request());
    }

    private void run(int untilPoll) {
        pollsToCome = untilPoll;
        thread.run();
    }

    @Test
    void shouldRestUntilTheNextLogInMayBeTried() {
        run(3);
        assertEquals(List.of("1 at 0", "1 at 20", "1 at 100"), polls);
    }

    /** The one before would be refused once more. */
    @Test
    void shouldTryAfterARestWithAnotherConsumerThatMayLogIn() {
        when(source.isOutdatedBy(any(), any()))
                .thenAnswer(call -> call.<RefusedConsumer>getArgument(0).number == 1 && now >= Renewal.REST_NANOS);
        run(2);
        assertEquals(List.of("1 at 0", "2 at 20"), polls);
    }
}
