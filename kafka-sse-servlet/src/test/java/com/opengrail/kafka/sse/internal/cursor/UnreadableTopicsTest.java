package com.opengrail.kafka.sse.internal.cursor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.match.FilterGroups;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.source.Description;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import com.opengrail.kafka.sse.internal.source.OffsetQuestion;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.source.UnansweredPartitions;
import com.opengrail.kafka.sse.internal.window.Window;
import com.opengrail.kafka.sse.testing.NoReplays;
import com.opengrail.kafka.sse.testing.QuietFollower;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Clients of several topics come while one of them cannot be read. */
class UnreadableTopicsTest {
    private static final Layout.Topic STAYS = new Layout.Topic("stays", new Uuid(1, 1), 1);
    private static final Layout.Topic GOES = new Layout.Topic("goes", new Uuid(2, 2), 1);

    private final KafkaSource source = mock(KafkaSource.class);
    private final FilterGroups groups = new FilterGroups(System::nanoTime);
    private Window window;
    private Cursor opened;
    private int gapsFound;

    private final Follower follower = new QuietFollower() {
        @Override
        public void opened(Cursor cursor) {
            opened = cursor;
        }

        @Override
        public boolean failed(StartFailure failure) {
            return true;
        }

        @Override
        public void wake() {}
    };

    private CursorOpener opener(Description told, long[] start, long[] latest) {
        when(source.describe(any())).thenReturn(CompletableFuture.completedFuture(told));
        when(source.offsets(any())).thenAnswer(call -> {
            OffsetQuestion question = call.getArgument(0);
            return CompletableFuture.completedFuture(
                    new LogOffsets(question.layout(), new long[latest.length], latest, new long[0]));
        });
        TopicWatch topics = new TopicWatch(List.of("goes", "stays"), source, 1, System::nanoTime);
        topics.ask();
        topics.ask();
        Layout layout = topics.ask();
        window = new Window(1 << 20, new Position(layout, start));
        Position end = new Position(layout, latest);
        UnansweredPartitions none = new UnansweredPartitions(
                new LogOffsets(layout, latest, latest, new long[0]), Instant.now(), source, System::nanoTime);
        return new CursorOpener(
                window, groups, NoReplays.with(source), topics, new FeedStart(end, none), gaps -> gapsFound += gaps);
    }

    /** A restarted server while a topic of the setting is deleted: all browsers come back with ids that name it. */
    @Test
    void shouldLetInAtOnceWhoseIdNamesATopicThatDoesNotExist() {
        CursorOpener opener = opener(
                new Description(List.of(STAYS), Set.of("goes"), Set.of(), Set.of()), new long[] {0}, new long[] {7});
        Layout before = new Layout(List.of(STAYS, GOES));
        String id = new String(PositionCodec.encode(before, new long[] {3, 5}), StandardCharsets.ISO_8859_1);
        Start start = new Start.After(PositionCodec.decode(id, List.of("goes", "stays")));
        Opening opening = opener.open(start, follower);
        opening.tryAgain();
        assertNotNull(opened);
    }

    @Test
    void shouldCountTheGapOfAClientBehindTheWindowWhoseTopicWasCreatedAnew() {
        CursorOpener opener =
                opener(new Description(List.of(STAYS, GOES), Set.of(), Set.of(), Set.of()), new long[2], new long[2]);
        Layout before = new Layout(List.of(STAYS, new Layout.Topic("goes", Uuid.randomUuid(), 1)));
        assertEquals(
                1, opener.moved(new Position(before, new long[] {3, 5})).gaps().size());
        assertEquals(1, gapsFound);
    }

    private Position seen(long[] start, long[] latest) {
        return opener(new Description(List.of(STAYS, GOES), Set.of(), Set.of(), Set.of()), start, latest)
                .seen();
    }

    @Test
    void shouldSayHowFarTheLogWent() {
        assertArrayEquals(
                new long[] {3, 2}, seen(new long[] {1, 2}, new long[] {3, 2}).next());
    }

    /** In a partition that has not answered yet the window does not say where the log ended. */
    @Test
    void shouldNotSayHowFarTheLogWentWhileAPartitionIsUnknown() {
        assertNull(seen(new long[] {1, 2}, new long[] {3, LogOffsets.UNKNOWN}));
    }

    @Test
    void shouldTellThatTheTopicIsGone() {
        Layout now = new Layout(List.of(STAYS, new Layout.Topic("goes", Uuid.ZERO_UUID, 0)));
        Layout before = new Layout(List.of(STAYS, GOES));
        String id = new String(PositionCodec.encode(before, new long[] {3, 5}), StandardCharsets.ISO_8859_1);
        Start start = new Start.After(PositionCodec.decode(id, List.of("goes", "stays")));
        Resumption resumption = Resumption.of(start, new LogOffsets(now, new long[] {0}, new long[] {7}, new long[0]));
        assertEquals(1, resumption.gaps().size(), "what it had not read of the topic, when that comes anew");
    }
}
