package com.opengrail.kafka.sse.internal.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.SseEventMapper;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** A mapper that does wrong costs at most its own record, and puts no events into another. */
class MapperChainTest {
    private final MappingFailures failures = new MappingFailures(() -> 0);
    private final RecordFrames frames = new RecordFrames();
    private final List<Throwable> thrown = new ArrayList<>();
    private final List<Consumer<? super SseEvent>> kept = new ArrayList<>();

    private MapperChain chain(SseEventMapper mapper) {
        return new MapperChain(true, mapper, null, null, new ReservedNames(Optional.empty()), failures);
    }

    private String framesOf(MapperChain chain, String value) {
        chain.encode(new ConsumerRecord<>("orders", 0, 7, "key".getBytes(UTF_8), value.getBytes(UTF_8)), frames);
        return frames();
    }

    private String frames() {
        int last = frames.count() - 1;
        int length = last < 0 ? 0 : frames.start(last) + frames.length(last);
        return new String(frames.array(), 0, length, UTF_8);
    }

    private void inAnotherThread(Runnable task) {
        CompletableFuture<Void> run = new CompletableFuture<>();
        new Thread(
                        () -> {
                            try {
                                task.run();
                            } catch (Throwable e) {
                                thrown.add(e);
                            } finally {
                                run.complete(null);
                            }
                        },
                        "mapper-of-its-own")
                .start();
        run.join();
    }

    private void assertRefused() {
        assertEquals(1, thrown.size());
        assertInstanceOf(IllegalStateException.class, thrown.get(0));
    }

    /** That its record lacks an event is to be noticed. */
    @Test
    void shouldCountAndRefuseAnEventOfAMapperThatHasReturned() {
        MapperChain chain = chain((record, event, next) -> {
            kept.add(next);
            next.accept(event);
        });
        String expected = "event: key\ndata: one\n\n";
        assertEquals(expected, framesOf(chain, "one"));
        inAnotherThread(() -> kept.get(0).accept(SseEvent.of("key", "late")));
        assertRefused();
        assertEquals(expected, frames());
        assertEquals(1, failures.count());
        assertThrows(IllegalStateException.class, () -> kept.get(0).accept(SseEvent.of("key", "later")));
        assertEquals(expected, frames());
        assertEquals(2, failures.count());
    }

    @Test
    void shouldRefuseTheEventOfAMapperThatHasThrown() {
        MapperChain chain = chain((record, event, next) -> {
            kept.add(next);
            throw new IllegalArgumentException("no such state");
        });
        assertEquals("", framesOf(chain, "one"));
        assertThrows(IllegalStateException.class, () -> kept.get(0).accept(SseEvent.of("key", "late")));
        assertEquals("", frames());
    }

    @Test
    void shouldSkipARecordWhoseMapperPassesOnAnEventOfAnother() {
        MapperChain chain = chain((record, event, next) -> {
            kept.add(next);
            next.accept(event);
            kept.get(0).accept(SseEvent.of("key", "late"));
        });
        assertEquals("event: key\ndata: one\n\nevent: key\ndata: late\n\n", framesOf(chain, "one"));
        assertEquals("", framesOf(chain, "two"));
        assertEquals(2, failures.count(), "it is missing in its own record");
    }

    /** Two threads would tear the event. */
    @Test
    void shouldSkipARecordOfWhichAnotherThreadPassesOnAnEvent() {
        MapperChain chain = chain((record, event, next) -> {
            next.accept(event);
            inAnotherThread(() -> next.accept(event));
        });
        assertEquals("", framesOf(chain, "one"));
        assertRefused();
        assertEquals(1, failures.count());
    }

    /** A deserializer need not be safe for two threads, and may be at a record of another topic. */
    @Test
    void shouldDeserializeForNoOtherThread() {
        List<ConsumerRecord<?, ?>> records = new ArrayList<>();
        MapperChain chain = chain((record, event, next) -> {
            records.add(record);
            next.accept(event.withData(event.data() + record.key()));
        });
        assertEquals("event: key\ndata: onekey\n\n", framesOf(chain, "one"));
        inAnotherThread(() -> records.get(0).key());
        assertEquals(List.of(), thrown, "it is known already");
        inAnotherThread(() -> records.get(0).value());
        assertRefused();
        thrown.clear();
        MapperChain without = chain((record, event, next) -> records.add(record));
        framesOf(without, "two");
        inAnotherThread(() -> records.get(1).key());
        assertRefused();
    }
}
