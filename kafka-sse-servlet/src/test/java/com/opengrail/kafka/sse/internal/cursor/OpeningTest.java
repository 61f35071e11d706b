package com.opengrail.kafka.sse.internal.cursor;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import com.opengrail.kafka.sse.internal.source.OffsetLookups;
import com.opengrail.kafka.sse.internal.source.OffsetQuestion;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class OpeningTest {
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", Uuid.ZERO_UUID, 1)));
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
}
