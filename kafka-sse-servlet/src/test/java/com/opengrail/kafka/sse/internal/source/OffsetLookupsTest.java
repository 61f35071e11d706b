package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.threads.PayerShares;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** The brokers are asked no more than is needed, and no address holds up another. */
class OffsetLookupsTest {
    private static final int MOST_AT_ONCE = 8;
    private static final int MOST_OF_PAYER = 12;
    private static final int MOST_OF_ALL = 16;
    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 1)));
    private static final LogOffsets OFFSETS = new LogOffsets(LAYOUT, new long[1], new long[1], new long[1]);

    private long now;
    private final KafkaSource source = mock(KafkaSource.class);
    private final OffsetLookups lookups = new OffsetLookups(source, () -> now);
    private final List<Long> asked = new ArrayList<>();
    private final List<CompletableFuture<LogOffsets>> answers = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    OffsetLookupsTest() {
        when(source.offsets(any())).thenAnswer(call -> {
            asked.add(call.<OffsetQuestion>getArgument(0).instant());
            answers.add(new CompletableFuture<>());
            return answers.get(answers.size() - 1);
        });
        answerSoon(lookups);
    }

    /** The brokers are near. */
    private void answerSoon(OffsetLookups of) {
        of.ask(since(0), new Client("first"));
        answers.get(0).complete(OFFSETS);
        asked.clear();
        answers.clear();
        told.clear();
    }

    private final class Client implements OffsetLookups.Asker {
        private final String address;

        Client(String address) {
            this.address = address;
        }

        @Override
        public String payer() {
            return address;
        }

        @Override
        public void answered(LogOffsets offsets) {
            told.add(address + " answered");
        }

        @Override
        public void unanswered() {
            told.add(address + " unanswered");
        }
    }

    private static OffsetQuestion since(long instant) {
        return new OffsetQuestion(LAYOUT, Set.of(), instant);
    }

    private static OffsetQuestion of(String topic, long instant) {
        return new OffsetQuestion(new Layout(List.of(new Layout.Topic(topic, new Uuid(1, 2), 1))), Set.of(), instant);
    }

    @Test
    void shouldAskOnceWhatManyWantToKnow() {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            lookups.ask(since(i), new Client("busy"));
        }
        lookups.ask(since(1000), new Client("a"));
        lookups.ask(since(1000), new Client("b"));
        answers.get(0).complete(OFFSETS);
        answers.get(1).complete(OFFSETS);
        assertEquals(MOST_AT_ONCE + 1, asked.size());
        answers.get(MOST_AT_ONCE).complete(OFFSETS);
        assertEquals(List.of("busy answered", "busy answered", "a answered", "b answered"), told);
        lookups.ask(since(1000), new Client("c"));
        assertEquals(MOST_AT_ONCE + 2, asked.size(), "an answer is not remembered: the log has grown since");
    }

    /** Clients that come from another server may know records that a broker did not have when it was asked. */
    @Test
    void shouldNotGiveAnAnswerToWhoCameAfterTheQuestion() {
        lookups.ask(since(5), new Client("a"));
        lookups.ask(since(5), new Client("b"));
        lookups.ask(since(5), new Client("c"));
        assertEquals(List.of(5L), asked, "one at a time of equal questions");
        answers.get(0).complete(OFFSETS);
        assertEquals(List.of("a answered"), told);
        assertEquals(List.of(5L, 5L), asked);
        answers.get(1).complete(OFFSETS);
        assertEquals(List.of("a answered", "b answered", "c answered"), told);
        assertEquals(List.of(5L, 5L), asked);
    }

    @Test
    void shouldNotAskAgainForWhoCameAfterTheQuestionAndHasGone() {
        Client gone = new Client("gone");
        lookups.ask(since(5), new Client("a"));
        lookups.ask(since(5), gone);
        lookups.cancel(since(5), gone);
        answers.get(0).complete(OFFSETS);
        assertEquals(List.of("a answered"), told);
        assertEquals(List.of(5L), asked);
    }

    @Test
    void shouldTellThatThereIsNoAnswer() {
        lookups.ask(since(5), new Client("a"));
        answers.get(0).completeExceptionally(new KafkaException("for the test"));
        assertEquals(List.of("a unanswered"), told);
    }

    /** Memory may be short just now. */
    @Test
    void shouldGoOnAfterAQuestionThatCouldNotBeAsked() {
        doThrow(new OutOfMemoryError("for the test")).when(source).offsets(since(5));
        for (int i = 0; i <= MOST_AT_ONCE; i++) {
            lookups.ask(since(5), new Client("a"));
        }
        lookups.ask(since(6), new Client("b"));
        assertEquals(Collections.nCopies(MOST_AT_ONCE + 1, "a unanswered"), told);
        assertEquals(List.of(6L), asked);
    }

    @Test
    void shouldLetAddressesTakeTurns() {
        for (int i = 0; i < 3 * MOST_AT_ONCE; i++) {
            lookups.ask(since(i), new Client("greedy"));
        }
        lookups.ask(since(1000), new Client("modest"));
        assertEquals(MOST_AT_ONCE, asked.size());
        answers.get(0).complete(OFFSETS);
        answers.get(1).complete(OFFSETS);
        assertEquals(MOST_AT_ONCE + 2, asked.size());
        assertEquals(true, asked.contains(1000L), asked::toString);
    }

    /** Whoever asks what a greedy one asks last has a turn of its own, before the question is asked and after it. */
    @Test
    void shouldNotLetAnEqualQuestionWaitInTheTurnOfAnother() {
        for (int i = 0; i < 3 * MOST_AT_ONCE; i++) {
            lookups.ask(since(i), new Client("greedy"));
        }
        long last = 3 * MOST_AT_ONCE - 1;
        lookups.ask(since(last), new Client("modest"));
        lookups.ask(since(0), new Client("greedy"));
        lookups.ask(since(0), new Client("late"));
        answers.get(1).complete(OFFSETS);
        answers.get(2).complete(OFFSETS);
        assertEquals(List.of(8L, last), asked.subList(MOST_AT_ONCE, asked.size()));
        answers.get(0).complete(OFFSETS);
        answers.get(3).complete(OFFSETS);
        assertEquals(List.of(9L, 0L), asked.subList(MOST_AT_ONCE + 2, asked.size()));
        for (int i = 4; i < answers.size(); i++) {
            answers.get(i).complete(OFFSETS);
        }
        assertEquals(3 * MOST_AT_ONCE + 1, asked.size(), "each once, and one of them again");
    }

    @Test
    void shouldAskForWhoStaysWhenAnEqualQuestionIsTakenBack() {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            lookups.ask(since(i), new Client("busy"));
        }
        Client gone = new Client("gone");
        lookups.ask(since(1000), gone);
        lookups.ask(since(1000), new Client("stays"));
        lookups.cancel(since(1000), gone);
        answers.get(0).complete(OFFSETS);
        answers.get(MOST_AT_ONCE).complete(OFFSETS);
        assertEquals(List.of("busy answered", "stays answered"), told);
        assertEquals(MOST_AT_ONCE + 1, asked.size());
    }

    @Test
    void shouldNotAskForWhoHasGone() {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            lookups.ask(since(i), new Client("busy"));
        }
        Client gone = new Client("gone");
        lookups.ask(since(1000), gone);
        Client alsoGone = new Client("also gone");
        lookups.ask(since(1000), alsoGone);
        lookups.ask(since(1001), new Client("stays"));
        lookups.cancel(since(1000), gone);
        lookups.cancel(since(1000), alsoGone);
        answers.forEach(answer -> assertEquals(false, answer.isDone()));
        answers.get(0).complete(OFFSETS);
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 1001L), asked);
    }

    /** All feeds share one admin client, which has one request at a time for each broker. */
    @Test
    void shouldNotLetQuestionsAboutManyFeedsHoldUpAnotherPayer() {
        for (int i = 0; i < 100; i++) {
            lookups.ask(of("combination-" + i, i), new Client("greedy"));
        }
        assertEquals(MOST_OF_PAYER, asked.size());
        lookups.ask(of("other", 1000), new Client("modest"));
        assertEquals(1000L, asked.get(MOST_OF_PAYER), "at once");
        answers.get(MOST_OF_PAYER).complete(OFFSETS);
        assertEquals(List.of("modest answered"), told);
        assertEquals(MOST_OF_PAYER + 1, asked.size(), "what others leave is not for the greedy");
        answers.get(0).complete(OFFSETS);
        assertEquals(12L, asked.get(MOST_OF_PAYER + 1));
    }

    @Test
    void shouldLetPayersTakeTurnsForAllFeedsTogether() {
        for (int i = 0; i < 300; i++) {
            lookups.ask(of("combination-" + i, i), new Client("greedy " + i % 3));
        }
        lookups.ask(of("other", 1000), new Client("modest"));
        int before = asked.size();
        assertTrue(before <= MOST_OF_ALL, () -> before + " at once");
        for (int i = 0; i < 6; i++) {
            answers.get(i).complete(OFFSETS);
        }
        assertTrue(asked.contains(1000L), asked::toString);
    }

    /** Nobody has asked too much; the brokers of some topics do not answer. */
    @Test
    void shouldAskAboutOneTopicWhileBrokersDoNotAnswerForAnother() {
        for (int i = 0; i < 100; i++) {
            lookups.ask(of("sick", i), new Client("address " + i % 50));
        }
        assertEquals(MOST_AT_ONCE, asked.size());
        lookups.ask(of("well", 1000), new Client("address 0"));
        assertEquals(1000L, asked.get(MOST_AT_ONCE));
        answers.get(MOST_AT_ONCE).complete(OFFSETS);
        assertEquals(List.of("address 0 answered"), told);
    }

    @Test
    void shouldNotWaitLongForBrokersThatDoNotAnswerForManyFeeds() {
        for (int i = 0; i < 100; i++) {
            lookups.ask(of("sick " + i, i), new Client("address " + i));
        }
        int ofSick = asked.size();
        assertTrue(ofSick <= MOST_OF_ALL, () -> ofSick + " at once");
        lookups.ask(of("well", 1000), new Client("address 0"));
        now += SLOW_NANOS - 1;
        lookups.askNext();
        assertEquals(ofSick, asked.size());
        now++;
        lookups.askNext();
        assertEquals(2 * ofSick, asked.size());
        for (int i = 0; i < 100 && !asked.contains(1000L); i += ofSick) {
            now += SLOW_NANOS;
            lookups.askNext();
        }
        assertTrue(asked.contains(1000L), asked::toString);
    }

    @Test
    void shouldCountLateAnswersForTheirFeedAlone() {
        for (int i = 0; i < 3 * MOST_AT_ONCE; i++) {
            lookups.ask(of("sick", i), new Client("address"));
        }
        now += SLOW_NANOS;
        lookups.askNext();
        assertEquals(MOST_AT_ONCE, asked.size(), "of this feed no more");
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            answers.get(i).complete(OFFSETS);
        }
        assertEquals(MOST_AT_ONCE + OffsetLookups.MOST_OF_FEED_IF_LATE, asked.size());
        for (int i = 0; i < 100; i++) {
            lookups.ask(of("combination-" + i, 1000 + i), new Client("address"));
        }
        assertEquals(MOST_AT_ONCE + MOST_OF_PAYER, asked.size());
    }

    @Test
    void shouldAskLessAtOnceUntilTheBrokersHaveAnswered() {
        OffsetLookups first = new OffsetLookups(source, () -> now);
        for (int i = 0; i < 3 * MOST_AT_ONCE; i++) {
            first.ask(of("unknown", i), new Client("address"));
        }
        assertEquals(OffsetLookups.MOST_OF_FEED_IF_LATE, asked.size());
        answers.get(0).complete(OFFSETS);
        assertEquals(1 + MOST_AT_ONCE, asked.size());
    }

    /** The admin client sends one request after the other to each broker, and what takes too long is given up. */
    @Test
    void shouldAskLessAtOnceWhileAnswersTakeLong() {
        for (int i = 0; i < 3 * MOST_AT_ONCE; i++) {
            lookups.ask(of("far", i), new Client("address"));
        }
        now += OffsetLookups.LATE_NANOS;
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            answers.get(i).completeExceptionally(new IllegalStateException("for the test"));
        }
        assertEquals(MOST_AT_ONCE + OffsetLookups.MOST_OF_FEED_IF_LATE, asked.size());
        now += OffsetLookups.LATE_NANOS - 1;
        answers.get(MOST_AT_ONCE).complete(OFFSETS);
        assertEquals(2 * MOST_AT_ONCE + 1, asked.size(), "all at once, but for the one that runs");
    }

    /** Whoever waits with thousands of questions must not hold the lock for as long as it takes to look at each. */
    @Test
    void shouldLookAtOneQuestionOfAPayerWhoHasItsShare() {
        PayerShares shares = spy(new PayerShares(MOST_OF_ALL));
        OffsetLookups counted = new OffsetLookups(source, () -> now, shares);
        answerSoon(counted);
        for (int i = 0; i < 1000; i++) {
            counted.ask(of("feed " + i % 2, i), new Client("greedy"));
        }
        assertEquals(MOST_OF_PAYER, asked.size());
        clearInvocations(shares);
        counted.askNext();
        verify(shares, times(2)).take("greedy", 1);
    }

    @Test
    void shouldLetFeedsTakeTurns() {
        for (int i = 0; i < 100; i++) {
            lookups.ask(of("busy", i), new Client("address " + i));
        }
        for (int i = 100; i < 200; i++) {
            lookups.ask(of("also busy", i), new Client("address " + i));
        }
        lookups.ask(of("quiet", 1000), new Client("modest"));
        for (int i = 0; i < 3; i++) {
            answers.get(i).complete(OFFSETS);
        }
        assertTrue(asked.contains(1000L), asked::toString);
    }

    @Test
    void shouldAskAgainAfterAnErrorWhileItLookedForTheNextQuestion() {
        AtomicBoolean fails = new AtomicBoolean(true);
        OffsetLookups failing = new OffsetLookups(source, () -> {
            if (fails.getAndSet(false)) {
                throw new OutOfMemoryError("for the test");
            }
            return now;
        });
        assertThrows(OutOfMemoryError.class, () -> failing.ask(since(5), new Client("a")));
        failing.ask(since(6), new Client("b"));
        assertEquals(List.of(5L, 6L), asked);
    }

    /** As many as there may be: each within the one before would be too deep for a stack. */
    @Test
    void shouldAskOneAfterTheOtherWhenAnswersComeAtOnce() {
        for (int i = 0; i < 10_000; i++) {
            lookups.ask(since(i), new Client("a"));
        }
        doReturn(CompletableFuture.completedFuture(OFFSETS)).when(source).offsets(any());
        answers.get(0).complete(OFFSETS);
        assertEquals(10_000 - MOST_AT_ONCE + 1, told.size());
    }
}
