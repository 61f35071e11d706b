package com.opengrail.kafka.sse.internal.cursor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import com.opengrail.kafka.sse.internal.source.OffsetLookups;
import com.opengrail.kafka.sse.internal.source.OffsetQuestion;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

class OpeningTest {
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", Uuid.ZERO_UUID, 1)));
    private static final Layout TWO = new Layout(List.of(new Layout.Topic("orders", Uuid.ZERO_UUID, 2)));
    private static final Instant OPENED = Instant.ofEpochSecond(1_000);

    private final CursorOpener opener = mock(CursorOpener.class);
    private final OffsetLookups lookups = mock(OffsetLookups.class);
    private final Follower follower = mock(Follower.class);

    /** The answer to the first question has no offsets of the instant at which the stream was opened. */
    @Test
    void shouldAskAgainWhereTheStreamWasOpenedWhileAQuestionWasOut() throws Exception {
        TopicWatch topics = mock(TopicWatch.class);
        when(topics.layout()).thenReturn(LAYOUT);
        when(opener.topics()).thenReturn(topics);
        when(opener.lookups()).thenReturn(lookups);
        Opening opening = new Opening(opener, new Start.BeforeEnd(3), follower);
        opening.tryAgain();
        verify(lookups).ask(new OffsetQuestion(LAYOUT, Set.of(), OffsetQuestion.NO_INSTANT), opening);
        when(follower.openSince()).thenReturn(OPENED);
        opening.tryAgain();
        opening.answered(new LogOffsets(LAYOUT, new long[] {0}, new long[] {9}, new long[] {}));
        verify(opener, never()).open(any(), any(), any());
        opening.tryAgain();
        verify(lookups).ask(new OffsetQuestion(LAYOUT, Set.of(), OPENED.toEpochMilli()), opening);
        LogOffsets offsets = new LogOffsets(LAYOUT, new long[] {0}, new long[] {9}, new long[] {8});
        opening.answered(offsets);
        verify(opener).open(argThat(start -> start instanceof Start.OpenedAt), any(), eq(offsets));
    }

    /** The partition may have been added a moment ago. */
    @Test
    void shouldHaveTheTopicsAskedForBeforeAPartitionThatIsNotKnownIsRefused() {
        TopicWatch topics = mock(TopicWatch.class);
        when(topics.layout()).thenReturn(LAYOUT);
        when(opener.topics()).thenReturn(topics);
        when(opener.lookups()).thenReturn(lookups);
        Opening opening = new Opening(opener, new Start.AtOffsets(Map.of(7, 5L)), follower);
        opening.tryAgain();
        verify(topics).wantAnswer();
        verify(lookups, never()).ask(any(), any());
    }

    /**
     * Once the stream is open, the client gets records since then. Where those begin a partition without a leader does not
     * tell, and the others must not wait for it. What others tell goes by timestamps, which may lie in the past.
     */
    @Test
    void shouldStartWhereTheFeedHadReadToWhenTheClientCame() throws Exception {
        LogOffsets told = sinceOpened(new Start.BeforeEnd(3), new Position(TWO, new long[] {5, 7}));
        assertArrayEquals(new long[] {5, 7}, told.atInstant());
    }

    /** A client that asked for the newest records is not told that older ones are gone. */
    @Test
    void shouldGoByTheBrokersInALogThatIsAnotherByNow() throws Exception {
        assertArrayEquals(
                new long[] {8, 7},
                sinceOpened(new Start.BeforeEnd(3), new Position(TWO, new long[] {10, 7}))
                        .atInstant(),
                "truncated since");
        assertArrayEquals(
                new long[] {4, 7},
                sinceOpened(new Start.BeforeEnd(3), new Position(TWO, new long[] {3, 7}))
                        .atInstant(),
                "the first records are gone since");
    }

    @Test
    void shouldWaitForAPartitionOfWhichNothingIsKnown() throws Exception {
        assertArrayEquals(
                new long[] {8, LogOffsets.UNKNOWN},
                sinceOpened(new Start.BeforeEnd(3), null).atInstant());
        Layout other = new Layout(TWO.topics());
        assertArrayEquals(
                new long[] {8, LogOffsets.UNKNOWN},
                sinceOpened(new Start.BeforeEnd(3), new Position(other, new long[] {5, 7}))
                        .atInstant());
    }

    /** What the feed has read is newer than what such a client asks for. */
    @Test
    void shouldWaitForAPartitionWhoseOffsetAtAnEarlierInstantIsNeeded() throws Exception {
        Position seen = new Position(TWO, new long[] {5, 7});
        Start since = new Start.Since(OPENED.minusSeconds(60));
        assertArrayEquals(
                new long[] {8, LogOffsets.UNKNOWN}, sinceOpened(since, seen).atInstant());
        Start openBefore = new Start.OpenedAt(new Start.BeforeEnd(3), new Start.Since(OPENED), Set.of());
        assertArrayEquals(
                new long[] {8, LogOffsets.UNKNOWN},
                sinceOpened(openBefore, seen).atInstant());
    }

    /** What a client is opened with whose stream was open before, and of whose two partitions the second does not answer. */
    private LogOffsets sinceOpened(Start start, Position seen) throws Exception {
        TopicWatch topics = mock(TopicWatch.class);
        when(topics.layout()).thenReturn(TWO);
        when(opener.topics()).thenReturn(topics);
        when(opener.lookups()).thenReturn(lookups);
        when(opener.seen()).thenReturn(seen);
        when(follower.openSince()).thenReturn(OPENED);
        Opening opening = new Opening(opener, start, follower);
        opening.tryAgain();
        long unknown = LogOffsets.UNKNOWN;
        opening.answered(
                new LogOffsets(TWO, new long[] {4, unknown}, new long[] {9, unknown}, new long[] {8, unknown}));
        ArgumentCaptor<LogOffsets> offsets = ArgumentCaptor.forClass(LogOffsets.class);
        verify(opener, atLeastOnce()).open(any(), any(), offsets.capture());
        return offsets.getValue();
    }
}
