package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

/** One admin client for all questions, of which each partition's answer counts for itself. */
class SharedAdminTest {
    private static final Node LEADER = new Node(1, "localhost", 9092);

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration REFUSED = Duration.ofSeconds(20);
    private static final long YOUNG = Duration.ofSeconds(45).toNanos();
    private static final long LATE = Duration.ofSeconds(30).toNanos();
    private static final long BETWEEN_LOG_INS = Duration.ofSeconds(100).toNanos();
    private static final long BETWEEN_REFUSED = Duration.ofMinutes(1).toNanos();
    private static final long RENEW = Duration.ofMinutes(5).toNanos();
    private static final long IDLE = Duration.ofMinutes(4).toNanos();
    private static final long NONE = -1;
    private static final Uuid ID = new Uuid(1, 2);
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", ID, 3)));
    private static final OffsetQuestion BOUNDS = new OffsetQuestion(LAYOUT, Set.of(), OffsetQuestion.NO_INSTANT);
    private static final OffsetQuestion SINCE = new OffsetQuestion(LAYOUT, Set.of(), 100);

    /** What brokers answer: an offset or partition count, a failure, or a future that the test completes. */
    private final Map<String, Object> answers = new HashMap<>();

    private final Set<Integer> leaderless = new HashSet<>();

    /** Where the replicas are. */
    private List<Node> nodes = List.of(LEADER);

    private final List<Admin> made = new ArrayList<>();
    private RuntimeException failureOfMaking;
    private Runnable whileMade = () -> {};
    private long now = -7;
    private boolean credentialsChanged;
    private final LogInPause pause = new LogInPause(REFUSED, REFUSED, REFUSED, () -> now);
    /** Whether clients are told of one server of several, and whether the last one was. */
    private boolean tellsOne;

    private boolean hasToldOne;

    /** Which of the clients were to be told of all servers. */
    private final List<Boolean> ofAll = new ArrayList<>();

    private final OwnedAdmin owned = new OwnedAdmin(
            new OwnedAdmin.Maker() {
                @Override
                public Admin make(boolean all) {
                    ofAll.add(all);
                    hasToldOne = tellsOne && !all;
                    return SharedAdminTest.this.make();
                }

                @Override
                public boolean hasToldOne() {
                    return hasToldOne;
                }

                @Override
                public boolean haveCredentialsChanged() {
                    return credentialsChanged;
                }
            },
            Duration.ofNanos(IDLE),
            () -> now);
    private final SharedAdmin admin = new SharedAdmin(owned, IsolationLevel.READ_COMMITTED, pause, () -> now);

    private Admin make() {
        whileMade.run();
        if (failureOfMaking != null) {
            throw failureOfMaking;
        }
        Admin client = mock(Admin.class);
        when(client.describeTopics(anyCollection(), any(DescribeTopicsOptions.class)))
                .thenAnswer(call -> describe(call.getArgument(0)));
        when(client.listOffsets(any(), any())).thenAnswer(call -> list(call.getArgument(0), call.getArgument(1)));
        doAnswer(call -> {
                    assertFalse(Thread.holdsLock(owned));
                    return null;
                })
                .when(client)
                .close(any());
        made.add(client);
        return client;
    }

    private DescribeTopicsResult describe(Collection<String> topics) {
        assertFalse(Thread.holdsLock(owned));
        Map<String, KafkaFuture<TopicDescription>> described = new HashMap<>();
        for (String topic : topics) {
            described.put(
                    topic, future(answers.get(topic)).thenApply(partitions -> description(topic, (int) partitions)));
        }
        DescribeTopicsResult result = mock(DescribeTopicsResult.class);
        when(result.topicNameValues()).thenReturn(described);
        return result;
    }

    private TopicDescription description(String topic, int partitions) {
        List<TopicPartitionInfo> infos = Stream.iterate(0, i -> i + 1)
                .limit(partitions)
                .map(i -> new TopicPartitionInfo(i, leaderless.contains(i) ? null : LEADER, replicas(i), List.of()))
                .toList();
        return new TopicDescription(topic, false, infos, null, ID);
    }

    /** Of a broker that is away nothing but the number is known. */
    private List<Node> replicas(int partition) {
        return leaderless.contains(partition) ? List.of(new Node(1, "", -1)) : nodes;
    }

    private ListOffsetsResult list(Map<TopicPartition, OffsetSpec> asked, ListOffsetsOptions options) {
        assertFalse(Thread.holdsLock(owned));
        Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> listed = new HashMap<>();
        asked.forEach((partition, spec) -> listed.put(
                partition,
                future(answer(question(spec, options), partition.partition()))
                        .thenApply(offset -> new ListOffsetsResultInfo((long) offset, NONE, Optional.empty()))));
        return new ListOffsetsResult(listed);
    }

    /** Where no transaction is open, all that was written is committed. */
    private Object answer(String question, int partition) {
        Object usual = question.equals("high-") ? answers.get("latest-" + partition) : null;
        return answers.getOrDefault(question + partition, usual);
    }

    private static String question(OffsetSpec spec, ListOffsetsOptions options) {
        boolean isDirty = options.isolationLevel() == IsolationLevel.READ_UNCOMMITTED;
        return spec instanceof OffsetSpec.EarliestSpec
                ? "earliest-"
                : spec instanceof OffsetSpec.TimestampSpec ? "since-" : isDirty ? "high-" : "latest-";
    }

    private static KafkaFuture<Object> future(Object answer) {
        assertNotNull(answer, "asked something that the test does not know");
        if (answer instanceof KafkaFutureImpl<?> open) {
            return open.thenApply(any -> any);
        }
        KafkaFutureImpl<Object> future = new KafkaFutureImpl<>();
        if (answer instanceof Throwable failure) {
            future.completeExceptionally(failure);
        } else {
            future.complete(answer);
        }
        return future;
    }

    private void answer(String question, Object... ofPartitions) {
        for (int i = 0; i < ofPartitions.length; i++) {
            answers.put(question + "-" + i, ofPartitions[i]);
        }
    }

    private static TimeoutException silence() {
        return new TimeoutException("for the test");
    }

    private static <T> T join(CompletionStage<T> stage) {
        assertTrue(stage.toCompletableFuture().isDone(), "answered");
        return stage.toCompletableFuture().join();
    }

    private static Throwable failure(CompletionStage<?> stage) {
        assertTrue(stage.toCompletableFuture().isDone(), "answered");
        return assertThrows(CompletionException.class, stage.toCompletableFuture()::join)
                .getCause();
    }

    /** Fails at half of that time, too, as it is not idle. */
    private void failAfter(long nanos) {
        answers.put("orders", silence());
        for (long step : List.of(nanos / 2, nanos - nanos / 2)) {
            now += step;
            assertInstanceOf(TimeoutException.class, failure(admin.describe(List.of("orders"))));
        }
    }

    /** The client would wait before it logs in again, and log each time that it has no answer. */
    @Test
    void shouldNotAskAgainAtOnceAfterALogInThatFailed() {
        answers.put("orders", new SaslAuthenticationException("for the test"));
        assertInstanceOf(SaslAuthenticationException.class, failure(admin.describe(List.of("orders"))));
        answer("earliest", 1L, 2L, 3L);
        answer("latest", 4L, 5L, 6L);
        assertInstanceOf(SaslAuthenticationException.class, failure(admin.offsets(BOUNDS)));
        verify(made.get(0), never()).listOffsets(any(), any());
        now += REFUSED.toNanos();
        join(admin.offsets(BOUNDS));
    }

    /** Each new one writes a dozen lines to the log. */
    @Test
    void shouldLogInWithANewClientOnceTheCredentialsHaveChanged() {
        refuseTheLogIn();
        now += YOUNG;
        refuseTheLogIn();
        assertEquals(1, made.size(), "it would be refused, too");
        credentialsChanged = true;
        refuseTheLogIn();
        assertEquals(2, made.size());
        refuseTheLogIn();
        refuseTheLogIn();
        assertEquals(2, made.size(), "not again and again");
        refuseTheLogIn();
        assertEquals(3, made.size());
    }

    /** Credentials count only while a log-in is refused. */
    @Test
    void shouldKeepAClientThatIsLoggedInWhenCredentialsChange() {
        refuseTheLogIn();
        answers.put("orders", 3);
        now += REFUSED.toNanos();
        join(admin.describe(List.of("orders")));
        credentialsChanged = true;
        now += YOUNG;
        join(admin.describe(List.of("orders")));
        assertEquals(1, made.size());
    }

    /** It would be refused by all brokers that it knows, and write lines to the log for each. */
    @Test
    void shouldLetGoOfAClientThatKnowsSeveralBrokersAndIsRefused() {
        nodes = List.of(LEADER, new Node(2, "localhost", 9093));
        answers.put("orders", 3);
        join(admin.describe(List.of("orders")));
        refuseTheLogIn();
        verify(made.get(0), never()).close(any());
        now += BETWEEN_REFUSED;
        refuseTheLogIn();
        verify(made.get(0)).close(Duration.ZERO);
        assertRests();
        owned.answered();
        assertThrows(SaslAuthenticationException.class, owned::getOrMake, "an earlier answer came late");
        refuseTheLogIn();
        assertEquals(2, made.size());
        now += BETWEEN_REFUSED;
        refuseTheLogIn();
        verify(made.get(1), never()).close(any());
    }

    private void assertRests() {
        int before = made.size();
        for (long age = 0; age < BETWEEN_REFUSED - REFUSED.toNanos(); age += REFUSED.toNanos()) {
            now += REFUSED.toNanos();
            assertInstanceOf(SaslAuthenticationException.class, failure(admin.offsets(BOUNDS)));
            assertInstanceOf(SaslAuthenticationException.class, failure(admin.describe(List.of("orders"))));
            assertEquals(before, made.size());
        }
    }

    @Test
    void shouldKeepAClientThatKnowsOneBrokerAndIsRefused() {
        answers.put("orders", 3);
        join(admin.describe(List.of("orders")));
        now += BETWEEN_REFUSED;
        refuseTheLogIn();
        verify(made.get(0), never()).close(any());
    }

    /** One of the brokers may refuse log-ins that the others do not. */
    @Test
    void shouldTryAnotherServerAMinuteAfterOneHasRefusedTheLogIn() {
        tellsOne = true;
        refuseTheLogIn();
        verify(made.get(0)).close(Duration.ZERO);
        assertRests();
        now += REFUSED.toNanos();
        assertInstanceOf(SaslAuthenticationException.class, failure(admin.offsets(BOUNDS)));
        assertEquals(1, made.size(), "those that must not wait make none");
        failure(admin.describe(List.of("orders")));
        assertEquals(List.of(false, false), ofAll);
        verify(made.get(1)).close(Duration.ZERO);
        now += REFUSED.toNanos();
        credentialsChanged = true;
        failure(admin.describe(List.of("orders")));
        assertEquals(3, made.size(), "at once with other credentials");
    }

    /** The one that it was told of may hang. */
    @Test
    void shouldTellAllServersAfterOneHasNotAnswered() {
        tellsOne = true;
        answers.put("orders", new KafkaException("for the test"));
        failure(admin.describe(List.of("orders")));
        failure(admin.describe(List.of("orders")));
        assertEquals(1, made.size(), "it has answered");
        answers.put("orders", new TimeoutException("for the test"));
        failure(admin.describe(List.of("orders")));
        assertEquals(1, made.size());
        failure(admin.describe(List.of("orders")));
        assertEquals(List.of(false, true), ofAll);
        failure(admin.describe(List.of("orders")));
        failure(admin.describe(List.of("orders")));
        assertEquals(2, made.size(), "not again and again");
    }

    @Test
    void shouldKeepAClientThatKnowsBrokersAndHasNoAnswer() {
        tellsOne = true;
        answers.put("orders", 3);
        join(admin.describe(List.of("orders")));
        answers.put("orders", new TimeoutException("for the test"));
        failure(admin.describe(List.of("orders")));
        failure(admin.describe(List.of("orders")));
        assertEquals(1, made.size());
    }

    /** Without another attempt the client gives the failure of the last one again. */
    @Test
    void shouldReplaceAClientThatDoesNotTryToLogInAnyMore() {
        for (int i = 0; i < 2 * RENEW / REFUSED.toNanos(); i++) {
            refuseTheLogIn();
        }
        assertEquals(1, made.size(), "it tries again and again");
        for (int i = 0; i < BETWEEN_LOG_INS / REFUSED.toNanos(); i++) {
            now += REFUSED.toNanos();
            failure(admin.describe(List.of("orders")));
            assertEquals(1, made.size());
        }
        now += REFUSED.toNanos();
        failure(admin.describe(List.of("orders")));
        assertEquals(2, made.size());
    }

    private void refuseTheLogIn() {
        answers.put("orders", new SaslAuthenticationException("for the test"));
        now += REFUSED.toNanos();
        assertInstanceOf(SaslAuthenticationException.class, failure(admin.describe(List.of("orders"))));
    }

    /** The one before waits before it connects again. Of the new one many things may be asked at once. */
    @Test
    void shouldAskANewClientWhenTheBrokersAreBack() {
        owned.outdated();
        answers.put("orders", 3);
        join(admin.describe(List.of("orders")));
        join(admin.describe(List.of("orders")));
        assertEquals(1, made.size());
        now += YOUNG;
        owned.outdated();
        assertEquals(1, made.size(), "not before it is needed");
        join(admin.describe(List.of("orders")));
        join(admin.describe(List.of("orders")));
        assertEquals(2, made.size());
        owned.outdated();
        now += YOUNG - 1;
        join(admin.describe(List.of("orders")));
        assertEquals(2, made.size(), "not again and again");
        verify(made.get(0)).close(Duration.ZERO);
        verify(made.get(1), never()).close(any());
    }

    /** A question may have got it just before. */
    @Test
    void shouldTakeTheRefusalOfAClosingClientForTheLackOfAnAnswer() {
        answers.put("orders", new IllegalStateException("for the test"));
        assertInstanceOf(TimeoutException.class, failure(admin.describe(List.of("orders"))));
    }

    @Test
    void shouldTellWhereSomeOfTheBrokersAre() {
        answers.put("orders", 3);
        assertEquals(Set.of(), admin.brokers());
        join(admin.describe(List.of("orders")));
        assertEquals(Set.of("localhost:9092"), admin.brokers());
        leaderless.addAll(Set.of(0, 1, 2));
        join(admin.describe(List.of("orders")));
        assertEquals(Set.of("localhost:9092"), admin.brokers(), "known from before");
    }

    @Test
    void shouldMakeOneClientForTheFirstQuestion() {
        assertEquals(0, made.size());
        answers.put("orders", 3);
        join(admin.describe(List.of("orders")));
        join(admin.describe(List.of("orders")));
        assertEquals(1, made.size());
    }

    @Test
    void shouldTellThatNoClientCanBeMadeAndTryAgain() {
        failureOfMaking = new KafkaException("for the test");
        assertSame(failureOfMaking, failure(admin.describe(List.of("orders"))));
        assertSame(failureOfMaking, failure(admin.offsets(BOUNDS)));
        failureOfMaking = null;
        answers.put("orders", 3);
        join(admin.describe(List.of("orders")));
    }

    @Test
    void shouldDescribeTopicsWithTheirIds() {
        answers.put("orders", 3);
        answers.put("audit", 1);
        assertEquals(
                new Description(
                        List.of(new Layout.Topic("orders", ID, 3), new Layout.Topic("audit", ID, 1)),
                        Set.of(),
                        Set.of(),
                        Set.of()),
                join(admin.describe(List.of("orders", "audit"))));
    }

    @Test
    void shouldNameAllTopicsThatDoNotExist() {
        answers.put("orders", 3);
        answers.put("b", new UnknownTopicOrPartitionException("for the test"));
        answers.put("a", new UnknownTopicOrPartitionException("for the test"));
        Description told = join(admin.describe(List.of("b", "orders", "a")));
        assertEquals(Set.of("a", "b"), told.absent());
        assertEquals(List.of(new Layout.Topic("orders", ID, 3)), told.topics());
    }

    @Test
    void shouldTellWhichTopicsAreRefused() {
        answers.put("orders", new TopicAuthorizationException("for the test"));
        answers.put("b", new UnknownTopicOrPartitionException("for the test"));
        assertEquals(
                new Description(List.of(), Set.of("b"), Set.of("orders"), Set.of()),
                join(admin.describe(List.of("b", "orders"))));
    }

    @Test
    void shouldTellNothingWhileATopicHasNoAnswer() {
        answers.put("orders", new TimeoutException("for the test"));
        answers.put("b", new UnknownTopicOrPartitionException("for the test"));
        assertInstanceOf(TimeoutException.class, failure(admin.describe(List.of("b", "orders"))));
    }

    @Test
    void shouldWaitForNobody() {
        KafkaFutureImpl<Object> later = new KafkaFutureImpl<>();
        answers.put("orders", later);
        CompletionStage<Description> described = admin.describe(List.of("orders"));
        assertFalse(described.toCompletableFuture().isDone());
        later.complete(3);
        assertEquals(3, join(described).topic("orders").partitions());
    }

    @Test
    void shouldGiveTheFirstAndLastOffsetOfEachPartition() {
        answer("earliest", 0L, 5L, 7L);
        answer("latest", 3L, 6L, 7L);
        LogOffsets offsets = join(admin.offsets(BOUNDS));
        assertSame(LAYOUT, offsets.layout());
        assertArrayEquals(new long[] {0, 5, 7}, offsets.earliest());
        assertArrayEquals(new long[] {3, 6, 7}, offsets.latest());
        assertEquals(0, offsets.atInstant().length);
        assertEquals(List.of(), offsets.unknown());
    }

    @Test
    void shouldTellWhatWasWrittenBesidesWhatIsCommitted() {
        answer("earliest", 0L, 0L, 0L);
        answer("latest", 3L, 6L, 7L);
        answer("high", 3L, 9L, silence());
        LogOffsets offsets = join(admin.offsets(BOUNDS));
        assertArrayEquals(new long[] {3, 6, 7}, offsets.latest());
        assertArrayEquals(new long[] {3, 9, LogOffsets.UNKNOWN}, offsets.written());
        answer("since", 2L, 8L, 1L);
        LogOffsets since = join(admin.offsets(SINCE));
        assertArrayEquals(new long[] {3, 9, LogOffsets.UNKNOWN}, since.written());
    }

    @Test
    void shouldGiveWhatIsKnownIfOnePartitionFails() {
        answer("earliest", 0L, silence(), 7L);
        answer("latest", 3L, 6L, silence());
        LogOffsets offsets = join(admin.offsets(BOUNDS));
        assertArrayEquals(new long[] {0, LogOffsets.UNKNOWN, 7}, offsets.earliest());
        assertArrayEquals(new long[] {3, 6, LogOffsets.UNKNOWN}, offsets.latest());
        assertEquals(LAYOUT.partitions().subList(1, 3), offsets.unknown());
    }

    @Test
    void shouldFailIfNoPartitionAnswers() {
        answer("earliest", silence(), silence(), silence());
        answer("latest", 3L, 6L, 7L);
        assertInstanceOf(TimeoutException.class, failure(admin.offsets(BOUNDS)));
    }

    @Test
    void shouldStartAtTheEndWhereNoRecordIsAsNewAsTheInstant() {
        answer("earliest", 0L, 0L, 0L);
        answer("latest", 3L, 6L, 7L);
        answer("since", 2L, NONE, silence());
        LogOffsets offsets = join(admin.offsets(SINCE));
        assertArrayEquals(new long[] {2, 6, LogOffsets.UNKNOWN}, offsets.atInstant());
    }

    /** It would not answer either, for some seconds, while others wait for their turn. */
    @Test
    void shouldNotAskForTheInstantOfAPartitionThatIsSilent() {
        answer("earliest", 0L, silence(), 0L);
        answer("latest", 3L, silence(), 7L);
        answer("since", 2L, new KafkaFutureImpl<Object>(), 4L);
        LogOffsets offsets = join(admin.offsets(SINCE));
        assertArrayEquals(new long[] {2, LogOffsets.UNKNOWN, 4}, offsets.atInstant());
    }

    /** Kafka's client would ask again and again, or log an error. */
    @Test
    void shouldNotAskPartitionsOfATopicThatIsNotDescribed() {
        answer("earliest", 0L, 0L, 0L);
        answer("latest", 3L, 5L, 7L);
        Set<String> undescribed = Set.of(LAYOUT.topics().get(0).name());
        OffsetQuestion question = new OffsetQuestion(LAYOUT, undescribed, OffsetQuestion.NO_INSTANT);
        assertInstanceOf(TimeoutException.class, failure(admin.offsets(question)));
    }

    /** Kafka's client would ask for its leader without a pause. */
    @Test
    void shouldNotAskAPartitionThatHadNoLeaderWhenItWasDescribed() {
        String topic = LAYOUT.topics().get(0).name();
        answers.put(topic, LAYOUT.size());
        leaderless.add(1);
        join(admin.describe(List.of(topic)));
        answers.put(topic, new TimeoutException("for the test"));
        failure(admin.describe(List.of(topic)));
        answer("earliest", 0L, null, 0L);
        answer("latest", 3L, null, 7L);
        assertEquals(
                LAYOUT.partitions().subList(1, 2), join(admin.offsets(BOUNDS)).unknown());
        leaderless.clear();
        answers.put(topic, LAYOUT.size());
        join(admin.describe(List.of(topic)));
        answer("earliest", 0L, 0L, 0L);
        answer("latest", 3L, 5L, 7L);
        assertEquals(List.of(), join(admin.offsets(BOUNDS)).unknown());
    }

    /** Operators would be told of a partition that has no leader and does not exist. */
    @Test
    void shouldForgetThePartitionsWithoutALeaderOfATopicThatIsGone() {
        answers.put("orders", 1);
        leaderless.add(0);
        Description described = join(admin.describe(List.of("orders")));
        assertEquals(Set.of(new TopicPartition("orders", 0)), described.leaderless());
        answers.put("orders", new UnknownTopicOrPartitionException());
        Description gone = join(admin.describe(List.of("orders")));
        assertEquals(Set.of("orders"), gone.absent());
        assertEquals(Set.of(), gone.leaderless());
    }

    /** All of its partitions are told as failing. */
    @Test
    void shouldForgetThePartitionsWithoutALeaderOfATopicThatIsRefused() {
        answers.put("orders", 1);
        leaderless.add(0);
        join(admin.describe(List.of("orders")));
        answers.put("orders", new TopicAuthorizationException("for the test"));
        Description refused = join(admin.describe(List.of("orders")));
        assertEquals(Set.of("orders"), refused.refused());
        assertEquals(Set.of(), refused.leaderless());
    }

    /** Records of open transactions have instants, too. */
    @Test
    void shouldNotStartPastTheEndOfWhatIsRead() {
        answer("earliest", 0L, 0L, 0L);
        answer("latest", 3L, silence(), silence());
        answer("since", 5L, 5L, NONE);
        LogOffsets offsets = join(admin.offsets(SINCE));
        assertArrayEquals(new long[] {3, 5, LogOffsets.UNKNOWN}, offsets.atInstant());
    }

    @Test
    void shouldAskForTheEndBeforeTheInstant() {
        KafkaFutureImpl<Object> later = new KafkaFutureImpl<>();
        answer("earliest", 0L, 0L, 0L);
        answer("latest", 3L, 6L, later);
        CompletionStage<LogOffsets> offsets = admin.offsets(SINCE);
        verify(made.get(0), never()).listOffsets(anyByTime(), any());
        answer("since", NONE, NONE, NONE);
        later.complete(7L);
        assertArrayEquals(new long[] {3, 6, 7}, join(offsets).atInstant());
    }

    private static Map<TopicPartition, OffsetSpec> anyByTime() {
        return argThat(asked ->
                asked != null && asked.values().stream().anyMatch(spec -> spec instanceof OffsetSpec.TimestampSpec));
    }

    @Test
    void shouldCountTheRecordsBehindOpenTransactions() {
        answer("latest", 3L, 6L, silence());
        answer("high", 5L, 9L, 100L);
        assertEquals(2 + 3, join(admin.unstableRecords(BOUNDS)));
        answer("high", 2L, silence(), 100L);
        assertEquals(0, join(admin.unstableRecords(BOUNDS)), "asked before, and less than none is none");
    }

    @Test
    void shouldBeRenewedAfterFiveMinutesWithoutAnAnswer() {
        failAfter(0);
        failAfter(RENEW);
        assertEquals(1, made.size());
        failAfter(1);
        assertEquals(2, made.size());
        verify(made.get(0)).close(Duration.ZERO);
        failAfter(RENEW);
        assertEquals(2, made.size(), "the new one has as much time");
        failAfter(1);
        assertEquals(3, made.size());
    }

    @Test
    void shouldNotBeRenewedWhileAnybodyAnswers() {
        answer("earliest", silence(), 5L, silence());
        answer("latest", silence(), 5L, silence());
        for (int i = 0; i < 10; i++) {
            join(admin.offsets(BOUNDS));
            failAfter(RENEW);
        }
        for (int i = 0; i < 10; i++) {
            answers.put("orders", new UnknownTopicOrPartitionException("for the test"));
            join(admin.describe(List.of("orders")));
            failAfter(RENEW);
        }
        assertEquals(1, made.size());
    }

    @Test
    void shouldBeRenewedWithoutItsLock() {
        failAfter(0);
        whileMade = () -> assertFalse(Thread.holdsLock(owned));
        failAfter(RENEW + 1);
        assertEquals(2, made.size());
    }

    /** Its connections may have been closed, and Kafka's clients pause before they connect again. */
    @Test
    void shouldBeRenewedForTheFirstQuestionAfterALongTime() {
        answers.put("orders", 3);
        for (int i = 0; i < 3; i++) {
            join(admin.describe(List.of("orders")));
            now += IDLE;
        }
        assertEquals(1, made.size());
        now++;
        join(admin.describe(List.of("orders")));
        join(admin.describe(List.of("orders")));
        assertEquals(2, made.size());
        verify(made.get(0)).close(Duration.ZERO);
    }

    /** Threads of containers must not wait while a client looks up names or logs in. */
    @Test
    void shouldNotMakeAnotherClientForThreadsOfContainers() {
        answers.put("orders", 3);
        answer("earliest", 1L, 1L, 1L);
        answer("latest", 2L, 2L, 2L);
        join(admin.describe(List.of("orders")));
        now += IDLE + 1;
        join(admin.offsets(BOUNDS));
        assertEquals(1, made.size());
        now += IDLE + 1;
        join(admin.describe(List.of("orders")));
        assertEquals(2, made.size());
    }

    /** Else its question would fail with the old client. */
    @Test
    void shouldLetWhoComesMeanwhileWaitForTheRenewal() throws Exception {
        answers.put("orders", 3);
        join(admin.describe(List.of("orders")));
        now += IDLE + 1;
        CountDownLatch done = new CountDownLatch(1);
        Thread other = new Thread(() -> {
            join(admin.describe(List.of("orders")));
            done.countDown();
        });
        whileMade = () -> {
            other.start();
            Await.until("the other waits", LIMIT, () -> other.getState() == Thread.State.BLOCKED, other::getState);
        };
        join(admin.describe(List.of("orders")));
        assertTrue(done.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        assertEquals(2, made.size());
        verify(made.get(0), times(1)).describeTopics(anyCollection(), any());
    }

    @Test
    void shouldKeepAnIdleClientIfNoneCanBeMade() {
        answers.put("orders", 3);
        join(admin.describe(List.of("orders")));
        now += IDLE + 1;
        failureOfMaking = new KafkaException("for the test");
        assertEquals(3, join(admin.describe(List.of("orders"))).topic("orders").partitions());
        verify(made.get(0), never()).close(any());
    }

    @Test
    void shouldKeepTheOldClientIfNoneCanBeMade() {
        failAfter(0);
        failureOfMaking = new KafkaException("for the test");
        failAfter(RENEW + 1);
        verify(made.get(0), never()).close(any());
        answers.put("orders", 3);
        assertEquals(3, join(admin.describe(List.of("orders"))).topic("orders").partitions());
    }

    /** Each attempt writes lines to the log. */
    @Test
    void shouldNotTryAgainAtOnceToReplaceAClient() {
        failAfter(0);
        AtomicInteger attempts = new AtomicInteger();
        whileMade = attempts::incrementAndGet;
        failureOfMaking = new KafkaException("for the test");
        failAfter(RENEW + 1);
        failAfter(RENEW);
        assertEquals(1, attempts.get());
        failAfter(1);
        assertEquals(2, attempts.get());
    }

    @Test
    void shouldRefuseQuestionsWhenClosed() {
        answers.put("orders", 3);
        join(admin.describe(List.of("orders")));
        admin.close();
        admin.close();
        verify(made.get(0)).close(Duration.ZERO);
        assertInstanceOf(KafkaException.class, failure(admin.describe(List.of("orders"))));
        assertInstanceOf(KafkaException.class, failure(admin.offsets(BOUNDS)));
        assertInstanceOf(KafkaException.class, failure(admin.unstableRecords(BOUNDS)));
        assertEquals(1, made.size());
    }

    @Test
    void shouldTellOfAnyFailureInTheAnswer() {
        failureOfMaking = new IllegalStateException("for the test");
        assertEquals(failureOfMaking, failure(admin.describe(List.of("orders"))));
        assertEquals(failureOfMaking, failure(admin.offsets(BOUNDS)));
        assertEquals(failureOfMaking, failure(admin.unstableRecords(BOUNDS)));
    }

    @Test
    void shouldMakeNoClientOnlyToCloseIt() {
        admin.close();
        assertEquals(0, made.size());
    }

    /** Whoever asks has to learn that, or would never ask again. */
    @Test
    void shouldTellOfAnErrorInTheAnswer() {
        whileMade = () -> {
            throw new NoClassDefFoundError("for the test");
        };
        assertInstanceOf(NoClassDefFoundError.class, failure(admin.describe(List.of("orders"))));
        assertInstanceOf(NoClassDefFoundError.class, failure(admin.offsets(BOUNDS)));
    }

    /** A name that has to be looked up, or a log-in, may take long. */
    @Test
    void shouldBeClosedWhileItsFirstClientIsMade() {
        whileMade = () -> {
            assertFalse(Thread.holdsLock(owned), "who closes would wait");
            admin.close();
        };
        assertInstanceOf(KafkaException.class, failure(admin.describe(List.of("orders"))));
        verify(made.get(0)).close(Duration.ZERO);
    }

    @Test
    void shouldCloseWhatWasMadeWhileItWasClosed() {
        failAfter(0);
        whileMade = admin::close;
        now += RENEW + 1;
        assertInstanceOf(KafkaException.class, failure(admin.describe(List.of("orders"))));
        verify(made.get(0)).close(Duration.ZERO);
        verify(made.get(1)).close(Duration.ZERO);
    }

    /** Each client that starts would wait for a broker that hangs. */
    @Test
    void shouldNotWaitForAWhileForWhatWasLate() {
        answer("earliest", 1L, silence(), 3L);
        answer("latest", 4L, silence(), 6L);
        assertEquals(LogOffsets.UNKNOWN, join(admin.offsets(BOUNDS)).latest()[1]);
        KafkaFutureImpl<Object> open = new KafkaFutureImpl<>();
        answer("earliest", 1L, open, 3L);
        answer("latest", 4L, open, 6L);
        now += LATE - 1;
        assertEquals(LogOffsets.UNKNOWN, join(admin.offsets(BOUNDS)).latest()[1], "nobody waits for it");
        answer("earliest", 1L, 2L, 3L);
        answer("latest", 4L, 5L, 6L);
        assertEquals(LogOffsets.UNKNOWN, join(admin.offsets(BOUNDS)).latest()[1]);
        now++;
        assertEquals(5, join(admin.offsets(BOUNDS)).latest()[1], "what nobody asked for is not late again");
    }

    @Test
    void shouldWaitForWhatWasLateWhereThereAreNoOthers() {
        answer("earliest", 1L, silence(), 3L);
        answer("latest", 4L, silence(), 6L);
        join(admin.offsets(BOUNDS));
        leaderless.addAll(Set.of(0, 2));
        answers.put("orders", 3);
        join(admin.describe(List.of("orders")));
        answer("earliest", 1L, 2L, 3L);
        answer("latest", 4L, 5L, 6L);
        assertEquals(5, join(admin.offsets(BOUNDS)).latest()[1]);
    }

    @Test
    void shouldAskAgainAtOnceForWhatFailsInAnotherWay() {
        answer("earliest", 1L, new TopicAuthorizationException("for the test"), 3L);
        answer("latest", 4L, new TopicAuthorizationException("for the test"), 6L);
        join(admin.offsets(BOUNDS));
        answer("earliest", 1L, 2L, 3L);
        answer("latest", 4L, 5L, 6L);
        assertEquals(5, join(admin.offsets(BOUNDS)).latest()[1]);
    }
}
