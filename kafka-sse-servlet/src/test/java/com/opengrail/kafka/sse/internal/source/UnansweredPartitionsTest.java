package com.opengrail.kafka.sse.internal.source;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.position.Start;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** A partition that does not answer is asked again, and only clients that do not need its answer start without it. */
class UnansweredPartitionsTest {
    private static final long NONE = LogOffsets.UNKNOWN;
    private static final Uuid ID = new Uuid(1, 2);
    private static final Layout LAYOUT = layout(ID);
    private static final TopicPartition SILENT = new TopicPartition("orders", 1);
    private static final Instant SINCE = Instant.ofEpochSecond(1_000_000);
    private static final long[] UNTOLD = {3, NONE};

    private final KafkaSource source = mock(KafkaSource.class);
    private final List<OffsetQuestion> asked = new ArrayList<>();
    private final List<CompletableFuture<LogOffsets>> answers = new ArrayList<>();
    private final TopicWatch topics = mock(TopicWatch.class);
    private long now;

    private final UnansweredPartitions partitions =
            new UnansweredPartitions(new LogOffsets(LAYOUT, UNTOLD, UNTOLD, new long[0]), SINCE, source, () -> now);

    UnansweredPartitionsTest() {
        when(source.offsets(any())).thenAnswer(call -> {
            asked.add(call.getArgument(0));
            answers.add(new CompletableFuture<>());
            return answers.get(answers.size() - 1);
        });
    }

    private static Layout layout(Uuid id) {
        return new Layout(List.of(new Layout.Topic("orders", id, 2)));
    }

    private void askAfter(long millis) {
        now += TimeUnit.MILLISECONDS.toNanos(millis);
        partitions.askNowAndThen(LAYOUT, topics);
    }

    @Test
    void shouldAskEachSecondUntilThereIsAnAnswer() {
        askAfter(999);
        assertEquals(0, asked.size());
        askAfter(1);
        askAfter(5_000);
        assertEquals(
                List.of(new OffsetQuestion(LAYOUT, Set.of(), SINCE.toEpochMilli())), asked, "one question at a time");
        answers.get(0).completeExceptionally(new TimeoutException("as told"));
        assertEquals(Map.of(), partitions.takeAnswer());
        askAfter(0);
        assertEquals(2, asked.size());
    }

    @Test
    void shouldStartAtTheFirstRecordSinceTheFeedWasAskedFor() {
        askAfter(1_000);
        answers.get(0).complete(new LogOffsets(LAYOUT, new long[] {3, 10}, new long[] {9, 60}, new long[] {9, 57}));
        Map<TopicPartition, Long> starts = partitions.takeAnswer();
        assertEquals(Map.of(SILENT, 57L), starts);
        assertEquals(Set.of(SILENT), partitions.partitions(), "not before everybody can see the start");
        partitions.started(starts.keySet());
        assertTrue(partitions.isEmpty());
        assertEquals(Map.of(), partitions.takeAnswer(), "once");
    }

    @Test
    void shouldWaitForAPartitionThatIsStillSilent() {
        askAfter(1_000);
        answers.get(0).complete(new LogOffsets(LAYOUT, new long[] {3, 10}, new long[] {9, 60}, new long[] {9, NONE}));
        assertEquals(Map.of(), partitions.takeAnswer());
        assertEquals(Set.of(SILENT), partitions.partitions());
    }

    private boolean allows(Start start) {
        return partitions.allows(start, LAYOUT);
    }

    private static Start.After after(Layout then, long... next) {
        String id = new String(new Position(then, next).id(), US_ASCII);
        return new Start.After(PositionCodec.decode(id, List.of("orders")));
    }

    @Test
    void shouldLetInWhoCameLaterAndWhoNamesAnOffset() {
        assertTrue(allows(new Start.Since(SINCE)));
        assertTrue(allows(new Start.OpenedAt(new Start.UnknownId(), new Start.Since(SINCE), Set.of())));
        assertTrue(allows(new Start.Earliest()));
        assertTrue(allows(new Start.AtOffset(7)));
        assertTrue(allows(new Start.AtOffsets(Map.of(1, 7L))));
        assertTrue(allows(after(LAYOUT, 3, 0)));
    }

    @Test
    void shouldNotEvenAskForWhoNeedsAnAnswer() {
        List<Start> starts = List.of(
                new Start.Since(SINCE.minusMillis(1)),
                new Start.OpenedAt(new Start.UnknownId(), new Start.Since(SINCE.minusMillis(1)), Set.of()),
                new Start.BeforeEnd(1),
                new Start.OpenedAt(new Start.BeforeEnd(1), new Start.Since(SINCE), Set.of()),
                new Start.AtOffsets(Map.of(0, 7L)),
                after(new Layout(List.of(new Layout.Topic("orders", ID, 1))), 3));
        starts.forEach(start -> assertFalse(allows(start), start::toString));
        partitions.started(Set.of(SILENT));
        starts.forEach(start -> assertTrue(allows(start), start::toString));
    }

    @Test
    void shouldFillInOnlyWhereAClientStartsWithTheFeedOrAtAnUnknownFirstRecord() {
        LogOffsets told = new LogOffsets(LAYOUT, UNTOLD, UNTOLD, UNTOLD);
        LogOffsets answered = new LogOffsets(LAYOUT, new long[] {3, 10}, new long[] {9, 60}, new long[] {9, 57});
        assertArrayEquals(
                new long[] {3, 0},
                partitions.fillIn(new Start.Since(SINCE), told).atInstant());
        assertArrayEquals(
                new long[] {9, 0},
                partitions.fillIn(new Start.Since(SINCE), answered).atInstant(),
                "where the feed will start is not known yet");
        assertArrayEquals(
                new long[] {3, 0}, partitions.fillIn(new Start.Earliest(), told).earliest());
        assertArrayEquals(
                new long[] {3, 10},
                partitions.fillIn(new Start.Earliest(), answered).earliest());
        assertArrayEquals(
                UNTOLD,
                partitions.fillIn(new Start.Since(SINCE.minusMillis(1)), told).atInstant());
        partitions.started(Set.of(SILENT));
        assertArrayEquals(UNTOLD, partitions.fillIn(new Start.Earliest(), told).earliest());
    }

    @Test
    void shouldNotWaitForAPartitionOfATopicThatWasCreatedAnew() {
        partitions.relocate(LAYOUT, layout(new Uuid(1, 2)));
        assertEquals(Set.of(SILENT), partitions.partitions());
        partitions.relocate(LAYOUT, layout(new Uuid(3, 4)));
        assertTrue(partitions.isEmpty());
    }
}
