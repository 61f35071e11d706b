package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.position.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

/** Brokers that are behind describe the past: what is new is believed when it has been told often enough. */
class TopicWatchTest {
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(5);
    private static final long CONFIRM = TimeUnit.MILLISECONDS.toNanos(100);
    private static final Uuid OLD = new Uuid(1, 1);
    private static final Uuid NEW = new Uuid(2, 2);

    private final KafkaSource source = mock(KafkaSource.class);
    private final List<CompletableFuture<Description>> questions = new ArrayList<>();
    private final List<Object> scripted = new ArrayList<>();
    private long now = -7;
    private final TopicWatch watch = new TopicWatch(List.of("orders", "audit"), source, PERIOD, () -> now);

    TopicWatchTest() {
        when(source.describe(any())).thenAnswer(call -> {
            CompletableFuture<Description> question = new CompletableFuture<>();
            questions.add(question);
            if (!scripted.isEmpty()) {
                answer(question, scripted.remove(0));
            }
            return question;
        });
    }

    private static void answer(CompletableFuture<Description> question, Object answer) {
        if (answer instanceof Layout layout) {
            question.complete(new Description(layout.topics(), Set.of(), Set.of(), Set.of()));
        } else if (answer instanceof Description description) {
            question.complete(description);
        } else {
            question.completeExceptionally((Throwable) answer);
        }
    }

    private static Layout orders(Uuid id, int partitions) {
        return new Layout(
                List.of(new Layout.Topic("orders", id, partitions), new Layout.Topic("audit", new Uuid(9, 9), 1)));
    }

    private static final List<Layout.Topic> AUDIT = List.of(new Layout.Topic("audit", new Uuid(9, 9), 1));

    /** One of the topics does not exist. */
    private static Description unknown() {
        return new Description(AUDIT, Set.of("orders"), Set.of(), Set.of());
    }

    /** None of the topics exists. */
    private static Description allUnknown() {
        return new Description(List.of(), Set.of("orders", "audit"), Set.of(), Set.of());
    }

    private boolean isUnknown() {
        return watch.absent().equals(Set.of("orders"));
    }

    /** The brokers are asked when it is time to, and answer. */
    private void tell(Object answer) {
        scripted.add(answer);
        now += PERIOD;
        watch.askNowAndThen();
        assertEquals(List.of(), scripted, "asked");
    }

    private Uuid id() {
        return watch.layout().topic("orders").id();
    }

    private int partitions() {
        return watch.layout().topic("orders").partitions();
    }

    @Test
    void shouldBelieveTheFirstDescription() {
        assertNull(watch.layout());
        Layout first = orders(OLD, 2);
        tell(first);
        assertEquals(first.topics(), watch.layout().topics());
    }

    /** The leader may be back, and the consumer connected, long before the admin client is. */
    @Test
    void shouldNotTakePartitionsForLeaderlessAfterSecondsWithoutAnAnswer() {
        Set<TopicPartition> leaderless = Set.of(new TopicPartition("orders", 1));
        tell(new Description(orders(OLD, 2).topics(), Set.of(), Set.of(), leaderless));
        now += TimeUnit.SECONDS.toNanos(3);
        assertEquals(leaderless, watch.leaderless());
        now++;
        assertEquals(Set.of(), watch.leaderless());
        assertTrue(watch.isLeaderMissing(), "the brokers are asked often");
        tell(new Description(orders(OLD, 2).topics(), Set.of(), Set.of(), leaderless));
        assertEquals(leaderless, watch.leaderless());
        tell(orders(OLD, 2));
        assertEquals(Set.of(), watch.leaderless());
        assertFalse(watch.isLeaderMissing());
    }

    @Test
    void shouldBelieveANewIdAtTheSecondAnswer() {
        tell(orders(OLD, 2));
        Layout before = watch.layout();
        tell(orders(NEW, 1));
        assertSame(before, watch.layout());
        tell(orders(NEW, 1));
        assertEquals(NEW, id());
        assertEquals(1, partitions(), "those of the new topic");
    }

    @Test
    void shouldBelieveANewIdOnlyFromAnswersInARow() {
        tell(orders(OLD, 2));
        tell(orders(NEW, 2));
        tell(orders(OLD, 2));
        tell(orders(NEW, 2));
        assertEquals(OLD, id());
        tell(orders(new Uuid(3, 3), 2));
        assertEquals(OLD, id(), "two answers that differ tell nothing twice");
        tell(orders(new Uuid(3, 3), 2));
        assertEquals(new Uuid(3, 3), id());
    }

    @Test
    void shouldBelieveAnIdThatWasReplacedAtTheSixthAnswer() {
        tell(orders(OLD, 2));
        tell(orders(NEW, 2));
        tell(orders(NEW, 2));
        for (int answers = 1; answers < 6; answers++) {
            tell(orders(OLD, 2));
            assertEquals(NEW, id(), "after " + answers);
        }
        tell(orders(OLD, 2));
        assertEquals(OLD, id());
    }

    @Test
    void shouldDoubtOneTopicAndNotTheOthers() {
        tell(orders(OLD, 2));
        tell(new Layout(List.of(new Layout.Topic("orders", NEW, 2), new Layout.Topic("audit", new Uuid(9, 9), 4))));
        assertEquals(OLD, id());
        assertEquals(4, watch.layout().topic("audit").partitions());
    }

    @Test
    void shouldGainPartitionsAndNeverLoseThem() {
        tell(orders(OLD, 2));
        tell(orders(OLD, 3));
        assertEquals(3, partitions());
        Layout before = watch.layout();
        tell(orders(OLD, 1));
        assertSame(before, watch.layout(), "the same object as long as nothing changes");
    }

    @Test
    void shouldTakeAnIdWhereNoneWasKnownForTheSameTopic() {
        tell(orders(Uuid.ZERO_UUID, 2));
        tell(orders(OLD, 2));
        assertEquals(OLD, id());
        tell(orders(NEW, 2));
        assertEquals(OLD, id(), "from now on another id is another topic");
    }

    @Test
    void shouldKeepTheIdThatBrokersDoNotTell() {
        tell(orders(OLD, 2));
        Layout before = watch.layout();
        for (int answers = 0; answers < 10; answers++) {
            tell(orders(Uuid.ZERO_UUID, 2));
        }
        assertSame(before, watch.layout());
        tell(orders(Uuid.ZERO_UUID, 4));
        assertEquals(OLD, id());
        assertEquals(4, partitions());
    }

    @Test
    void shouldBelieveAtTheSecondAnswerThatATopicDoesNotExist() {
        tell(orders(OLD, 2));
        Layout before = watch.layout();
        tell(unknown());
        assertFalse(isUnknown());
        tell(unknown());
        assertTrue(isUnknown());
        assertEquals(Set.of("orders"), watch.undescribed());
        assertSame(before, watch.layout());
        tell(orders(OLD, 2));
        assertFalse(isUnknown());
        tell(unknown());
        assertFalse(isUnknown(), "counted anew");
    }

    @Test
    void shouldKnowATopicThatHasNotExistedYetWithoutPartitions() {
        tell(unknown());
        assertNull(watch.layout(), "one answer is no proof");
        tell(unknown());
        assertTrue(isUnknown());
        assertEquals(0, partitions());
        assertEquals(1, watch.layout().topic("audit").partitions());
        tell(orders(NEW, 2));
        assertEquals(2, partitions(), "no doubt that it is new");
        assertEquals(NEW, id());
        assertEquals(Set.of(), watch.unreadable());
    }

    @Test
    void shouldDescribeNoTopicsOfWhichNoneExists() {
        for (int answers = 0; answers < 5; answers++) {
            tell(allUnknown());
        }
        assertNull(watch.layout());
        assertThrows(UnknownTopicsException.class, watch::requireReadable);
        tell(unknown());
        assertEquals(1, watch.layout().topic("audit").partitions());
        watch.requireReadable();
    }

    @Test
    void shouldNotReadATopicAgainBeforeItIsKnownWhetherItIsTheSame() {
        tell(orders(OLD, 2));
        tell(unknown());
        tell(unknown());
        tell(orders(NEW, 2));
        assertEquals(Set.of("orders"), watch.unreadable());
        assertEquals(OLD, id());
        tell(orders(NEW, 2));
        assertEquals(Set.of(), watch.unreadable());
        assertEquals(NEW, id());
    }

    @Test
    void shouldTellWhichTopicsMayNotBeRead() {
        tell(orders(OLD, 2));
        Layout before = watch.layout();
        tell(new Description(AUDIT, Set.of(), Set.of("orders"), Set.of()));
        assertEquals(Set.of("orders"), watch.unreadable());
        assertEquals(Set.of("orders"), watch.undescribed());
        assertEquals(Set.of(), watch.absent());
        assertSame(before, watch.layout());
        watch.requireReadable();
        tell(new Description(List.of(), Set.of(), Set.of("orders", "audit"), Set.of()));
        assertThrows(TopicAuthorizationException.class, watch::requireReadable);
        tell(new Description(orders(OLD, 3).topics(), Set.of(), Set.of("orders"), Set.of()));
        assertEquals(3, partitions(), "it may be described");
        assertEquals(Set.of(), watch.undescribed());
        tell(orders(OLD, 3));
        assertEquals(Set.of(), watch.unreadable());
    }

    @Test
    void shouldWaitForTheDescriptionOfATopicThatMayNotBeDescribed() {
        scripted.add(new Description(AUDIT, Set.of(), Set.of("orders"), Set.of()));
        assertThrows(TopicAuthorizationException.class, watch::ask);
        scripted.add(orders(OLD, 1));
        assertEquals(OLD, watch.ask().topic("orders").id());
    }

    @Test
    void shouldBelieveAtTheSixthAnswerThatATopicIsGone() {
        tell(orders(OLD, 2));
        for (int answers = 1; answers < 6; answers++) {
            tell(unknown());
            assertEquals(Set.of(), watch.gone());
        }
        tell(unknown());
        assertEquals(Set.of("orders"), watch.gone());
        tell(orders(OLD, 2));
        assertEquals(Set.of(), watch.gone());
    }

    /** A topic is deleted, and its access list with it: no answer tells more for as long as that lasts. */
    @Test
    void shouldNotKeepAskingAboutADoubtThatARefusalFollows() {
        for (List<Object> doubts :
                List.<List<Object>>of(List.of(unknown()), List.of(unknown(), unknown()), List.of(orders(NEW, 2)))) {
            tell(orders(OLD, 2));
            doubts.forEach(this::tell);
            tell(new Description(AUDIT, Set.of(), Set.of("orders"), Set.of()));
            int before = questions.size();
            now += TimeUnit.SECONDS.toNanos(1) - 1;
            watch.askNowAndThen();
            assertEquals(before, questions.size());
        }
    }

    @Test
    void shouldAskOftenWhileATopicCannotBeRead() {
        tell(orders(OLD, 2));
        for (int answers = 0; answers < 6; answers++) {
            tell(unknown());
        }
        now += TimeUnit.SECONDS.toNanos(1) - 1;
        watch.askNowAndThen();
        assertEquals(7, questions.size(), "nobody has to confirm anything");
        now += 1;
        tellNow(orders(OLD, 2));
        now += PERIOD - 1;
        watch.askNowAndThen();
        assertEquals(8, questions.size());
    }

    @Test
    void shouldLearnNothingFromAnAnswerThatFails() {
        tell(orders(OLD, 2));
        Layout before = watch.layout();
        for (int answers = 0; answers < 10; answers++) {
            tell(new TimeoutException("for the test"));
            tell(new TopicAuthorizationException("for the test"));
        }
        assertSame(before, watch.layout());
        assertFalse(isUnknown());
        tell(orders(NEW, 2));
        tell(new TimeoutException("for the test"));
        tell(orders(NEW, 2));
        assertEquals(NEW, id(), "what did not answer said nothing against it");
        tell(unknown());
        tell(new TimeoutException("for the test"));
        tell(unknown());
        assertTrue(isUnknown());
    }

    @Test
    void shouldAskOneQuestionAtATime() {
        now += PERIOD;
        watch.askNowAndThen();
        now += PERIOD;
        watch.askNowAndThen();
        watch.askSoon();
        assertEquals(1, questions.size());
        questions.get(0).completeExceptionally(new TimeoutException("for the test"));
        watch.askSoon();
        assertEquals(2, questions.size(), "a failure is an answer");
    }

    /** Who wants an answer may be a thread of the container. Any number of them cost one question. */
    @Test
    void shouldAskSoonWhatSomebodyWantsToKnow() {
        now += CONFIRM;
        watch.wantAnswer();
        assertEquals(0, questions.size(), "another thread asks");
        watch.askNowAndThen();
        assertEquals(1, questions.size());
        watch.wantAnswer();
        answer(questions.get(0), orders(OLD, 2));
        now += CONFIRM - 1;
        watch.askNowAndThen();
        assertEquals(1, questions.size(), "it was asked just now");
        now += 1;
        watch.askNowAndThen();
        answer(questions.get(1), orders(OLD, 2));
        now += PERIOD - 1;
        watch.askNowAndThen();
        assertEquals(2, questions.size(), "nobody wants more");
    }

    @Test
    void shouldAskOncePerPeriod() {
        now += PERIOD - 1;
        watch.askNowAndThen();
        assertEquals(0, questions.size());
        now += 1;
        tellNow(orders(OLD, 2));
        now += PERIOD - 1;
        watch.askNowAndThen();
        assertEquals(1, questions.size());
    }

    private void tellNow(Object answer) {
        scripted.add(answer);
        watch.askNowAndThen();
        assertEquals(List.of(), scripted, "asked");
    }

    @Test
    void shouldAskAgainSoonUntilItIsSure() {
        tell(orders(OLD, 2));
        tell(orders(NEW, 2));
        now += CONFIRM - 1;
        watch.askNowAndThen();
        assertEquals(2, questions.size());
        now += 1;
        tellNow(orders(NEW, 2));
        now += CONFIRM;
        watch.askNowAndThen();
        assertEquals(3, questions.size(), "sure by now");
        tell(unknown());
        now += CONFIRM;
        tellNow(orders(NEW, 2));
    }

    @Test
    void shouldAskForManyWhoHaveAReasonNoMoreThanOnceInAWhile() {
        now += CONFIRM;
        scripted.add(orders(OLD, 2));
        for (int callers = 0; callers < 10; callers++) {
            watch.askSoon();
        }
        assertEquals(1, questions.size());
        now += CONFIRM;
        watch.askSoon();
        assertEquals(2, questions.size());
    }

    @Test
    void shouldWaitForAnAnswerThatIsConfirmed() {
        scripted.add(orders(OLD, 2));
        assertEquals(OLD, watch.ask().topic("orders").id());
        assertEquals(1, questions.size());
        scripted.addAll(List.of(orders(NEW, 2), orders(NEW, 2)));
        assertEquals(NEW, watch.ask().topic("orders").id());
        assertEquals(3, questions.size());
    }

    @Test
    void shouldWaitNoLongerThanForTwoAnswers() {
        scripted.addAll(List.of(orders(OLD, 2), orders(NEW, 2), orders(new Uuid(3, 3), 2)));
        Layout known = watch.ask();
        assertSame(known, watch.ask());
        assertEquals(3, questions.size());
    }

    @Test
    void shouldTellWhoWaitsThatATopicDoesNotExist() {
        scripted.addAll(List.of(allUnknown(), allUnknown()));
        assertThrows(UnknownTopicOrPartitionException.class, watch::ask);
        scripted.addAll(List.of(orders(OLD, 2), unknown(), orders(OLD, 2)));
        Layout known = watch.ask();
        assertSame(known, watch.ask(), "one answer of two is no proof");
    }

    @Test
    void shouldTellWhoWaitsWhyThereIsNoAnswer() {
        TopicAuthorizationException refused = new TopicAuthorizationException("for the test");
        scripted.add(refused);
        assertSame(refused, assertThrows(KafkaException.class, watch::ask));
        IllegalStateException strange = new IllegalStateException("for the test");
        scripted.add(strange);
        assertSame(strange, assertThrows(KafkaException.class, watch::ask).getCause());
    }

    @Test
    void shouldConfirmWhatHasChanged() {
        tell(orders(OLD, 2));
        scripted.addAll(List.of(orders(NEW, 2), orders(NEW, 2)));
        watch.confirm();
        assertEquals(NEW, id());
        scripted.addAll(List.of(unknown(), unknown()));
        watch.confirm();
        assertTrue(isUnknown());
    }

    @Test
    void shouldAskOnceIfThereIsNothingToConfirm() {
        tell(orders(OLD, 2));
        scripted.add(orders(OLD, 2));
        watch.confirm();
        assertEquals(2, questions.size());
        assertNotEquals(NEW, id());
    }
}
