package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.cursor.CursorOpener;
import com.opengrail.kafka.sse.internal.cursor.FeedStart;
import com.opengrail.kafka.sse.internal.cursor.Follower;
import com.opengrail.kafka.sse.internal.cursor.StartFailure;
import com.opengrail.kafka.sse.internal.log.RootCause;
import com.opengrail.kafka.sse.internal.match.FilterGroups;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.source.BrokerAnswers;
import com.opengrail.kafka.sse.internal.source.FetchAnswers;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.LeaderEpochs;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.OffsetQuestion;
import com.opengrail.kafka.sse.internal.source.OwnedConsumer;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.source.UnansweredPartitions;
import com.opengrail.kafka.sse.internal.source.UnknownTopicsException;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.Window;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of one subscription as one sequence of frames, read by one consumer for all clients that follow them.
 *
 * <p>Its thread asks the brokers for the topics, starts the tail and runs it. After a failure it tries again, with growing
 * pauses, with the same consumer. Clients that come before the first answer wait with it.
 *
 * <p>Threads: {@link #join}, {@link #leave} and {@link #close} from anywhere. Only the feed's own thread uses Kafka or
 * appends to the window.
 */
final class Feed implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

    final List<String> topics;
    private final String clientId;
    private final KafkaSource source;
    private final FeedOptions options;
    private final LongSupplier windowBytes;
    private final int fetchBytes;
    private final FeedSources sources;
    private final FeedStatus status;
    private final TransactionWatch transactions;
    private final FilterGroups groups;
    private final WaitingRoom waitingRoom;
    private final Instant madeAt;
    private final FeedFailures failures;
    private final OwnedConsumer owned = new OwnedConsumer();
    private final Thread thread;

    /** Those who have entered and not left, and when the last of them left. Changed by {@link Feeds}, under its lock. */
    final AtomicInteger members = new AtomicInteger();

    long leftAt;

    /** Written by the feed's thread. */
    private volatile CursorOpener opener;

    /** The feed has started, and a topic that only requests name does not exist any more. */
    private volatile boolean refusesNewcomers;

    /** When nothing had been produced for this long, where that is known. */
    private volatile Instant nothingSince = Instant.MAX;

    /** Used by the feed's thread only. */
    private FeedMemory memory;

    /** The consumer has got metadata. */
    private boolean metadataChanged;

    /** Written by whoever closes. */
    private volatile boolean closed;

    /**
     * A feed to be started.
     *
     * @param windowBytes the most memory for recent frames, which changes with the number of feeds
     * @param fetchBytes the most that is fetched at once
     */
    Feed(
            List<String> topics,
            String clientId,
            FeedSources sources,
            FeedOptions options,
            LongSupplier windowBytes,
            int fetchBytes) {
        this.topics = topics;
        this.clientId = clientId;
        this.source = sources.kafka();
        this.options = options;
        this.windowBytes = windowBytes;
        this.fetchBytes = fetchBytes;
        this.sources = sources;
        LongSupplier nanoTime = sources.nanoTime();
        this.status = new FeedStatus(
                sources.counters(), members::get, source.silentAfter().toNanos(), nanoTime);
        this.transactions = new TransactionWatch(source, status, nanoTime);
        this.groups = new FilterGroups(nanoTime);
        this.waitingRoom = new WaitingRoom(sources.clock());
        this.madeAt = sources.clock().instant();
        this.failures = new FeedFailures(nanoTime, new CountDownLatch(1));
        this.thread = sources.threads().newThread(this, clientId);
    }

    void start() {
        thread.start();
    }

    /** Adds a client, which is told at once or later that its stream can start, or that it cannot. */
    void join(Start start, Follower follower) {
        CursorOpener ready = opener;
        if (ready != null && !refusesNewcomers) {
            waitingRoom.letIn(ready, start, follower);
            return;
        }
        waitingRoom.add(start, follower);
        letWaitingIn();
    }

    /** Takes a client out, whether its stream has started or not. */
    void leave(Follower follower) {
        waitingRoom.leave(follower);
    }

    FeedStatus status() {
        return status;
    }

    /** True if it has cost a consumer. */
    boolean hasStarted() {
        return owned.get() != null || opener != null;
    }

    /** True until its thread ends, which may take as long as a mapper takes to return. */
    boolean isAlive() {
        return thread.isAlive();
    }

    /** Ends the feed; its thread lets go of Kafka and stops by itself. */
    void close() {
        closed = true;
        failures.endPause();
        owned.interrupt(thread);
    }

    boolean awaitEnd(long millis) throws InterruptedException {
        thread.join(millis);
        return !thread.isAlive();
    }

    @Override
    public void run() {
        TopicWatch watch = new TopicWatch(topics, source, options.topicCheck().toNanos(), sources.nanoTime());
        try {
            while (!closed) {
                tryToFollow(watch);
            }
        } finally {
            owned.letGo();
        }
        if (opener != null) {
            LOG.info("No longer following {}", this);
        }
    }

    private void tryToFollow(TopicWatch watch) {
        try (MapperChain mappers = source.newMapperChain()) {
            follow(mappers, watch);
        } catch (Throwable e) {
            // An interrupt that does not come with closing must not make the next attempt fail, too.
            boolean interrupted = Thread.interrupted();
            if (closed) {
                return;
            }
            LOG.debug("Failed, interrupted: {}", interrupted);
            letGoAfter(e);
            failed(e);
            failures.pauseAfter(e, () -> closed || opener != null || members.get() > 0);
        }
    }

    /** A consumer is kept, since making one is expensive. Where partitions were refused, it gets none until the next attempt. */
    private void letGoAfter(Throwable e) {
        if (memory != null) {
            memory.limit(windowBytes.getAsLong());
        }
        boolean isInVain = e instanceof TimeoutException && !source.isReachable();
        if (!(e instanceof KafkaException) || !isInVain && failures.lastForLong()) {
            owned.letGo();
        } else if (source.isOutdatedBy(owned.get(), e)) {
            owned.outdated();
            failures.willLogInAnew();
        } else if (!(e instanceof TimeoutException || e instanceof AuthenticationException)) {
            owned.unsubscribe();
        }
    }

    private void follow(MapperChain mappers, TopicWatch watch) {
        failures.awaitBrokers(source::isReachable);
        Layout layout = watch.ask();
        failures.described();
        waitingRoom.startIsNear();
        LogOffsets offsets = memory == null ? offsetsToStart(layout, watch) : null;
        Consumer<byte[], byte[]> consumer =
                owned.getOrMake(() -> source.newConsumer(clientId, fetchBytes, () -> metadataChanged = true));
        if (offsets != null) {
            startWindow(offsets, mappers, watch);
        }
        FetchAnswers answers = new FetchAnswers(consumer);
        BrokerAnswers brokers =
                new BrokerAnswers(consumer, answers, source.maxPollRecords(), status.lateNanos(), sources.nanoTime());
        Tail tail = new Tail(consumer, mappers, memory, watch, brokers, sources.nanoTime());
        tail.continueIn(layout);
        letInOrRefuse(watch.absent());
        status.restartSilence();
        while (!closed) {
            runOnce(tail, watch);
            status.throttled(answers.areThrottled());
            if (answers.isAnyNew()) {
                afterAnswer(tail, watch.undescribed());
            } else {
                withoutAnswer(tail);
            }
            memory.limit(windowBytes.getAsLong());
            waitingRoom.tryAgain(sources.nanoTime().getAsLong());
            lookAtTopics(watch);
            status.unreadable(watch.unreadableReason());
            failures.unreadable(this, watch.unreadableReason());
        }
    }

    /** While no broker can be reached, the consumer is not polled: it would log each attempt to connect. */
    private void withoutAnswer(Tail tail) {
        if (status.isThrottled() || tail.isPaused()) {
            status.restartSilence();
        } else if (status.isLate()) {
            failures.awaitThat(source::isReachable, status.nanosUntilSilent());
        }
        if (status.isSilent()) {
            throw new TimeoutException(
                    "No answer from the brokers for " + source.silentAfter().toMillis() + " ms");
        }
    }

    /** New metadata may come of a fetch that was refused because the topic is gone: then no other is sent. */
    private void lookAtTopics(TopicWatch watch) {
        if (metadataChanged && !closed) {
            watch.confirm();
        }
        watch.requireReadable();
        letInOrRefuse(watch.absent());
    }

    /** While a topic that only requests name does not exist, who comes is refused, and who follows gets the others. */
    private void letInOrRefuse(Set<String> absent) {
        if (!areAwaited(absent)) {
            refuse(absent);
        } else if (refusesNewcomers) {
            refusesNewcomers = false;
            letWaitingIn();
        }
    }

    private void runOnce(Tail tail, TopicWatch watch) {
        metadataChanged = false;
        if (status.isAnswered() || watch.isLeaderMissing()) {
            watch.askNowAndThen();
        }
        try {
            tail.runOnce(options.pollTimeout(), this::answered);
        } catch (WakeupException e) {
            // The feed is closed, or the brokers have told something new: the topics may be others by now.
            LOG.debug("Woken", e);
            watch.askSoon();
        } finally {
            tail.report(status);
        }
    }

    private void answered() {
        if (status.answered()) {
            LOG.info("Following {} again", this);
        }
    }

    private void afterAnswer(Tail tail, Set<String> undescribed) {
        answered();
        failures.over();
        tail.reportLag(status);
        transactions.askNowAndThen(OffsetQuestion.ofEnds(memory.window().layout(), undescribed));
    }

    private LogOffsets offsetsToStart(Layout layout, TopicWatch watch) {
        Set<String> absent = watch.absent();
        // A topic that exists after all would be read from its first record.
        if (!areAwaited(absent) || !watch.gone().containsAll(absent)) {
            throw new UnknownTopicsException(absent);
        }
        waitingRoom.absent(absent);
        if (PositionCodec.expectedLength(layout) > PositionCodec.MAX_ID_LENGTH) {
            TooManyPartitionsException refusal = new TooManyPartitionsException(layout.size());
            waitingRoom.fail(new StartFailure(StartFailure.Reason.BAD_REQUEST, refusal.getMessage()));
            throw refusal;
        }
        return OffsetQuestion.ofEnds(layout, watch.undescribed()).ask(source);
    }

    private void startWindow(LogOffsets told, MapperChain mappers, TopicWatch watch) {
        UnansweredPartitions unanswered = new UnansweredPartitions(told, madeAt, source, sources.nanoTime());
        LogOffsets offsets = told.zeroWhereUnknown();
        Position latest = new Position(offsets.layout(), offsets.latest());
        Instant first = waitingRoom.firstOpened();
        nothingSince = first != null && isNothingSince(first, latest, watch.undescribed()) ? first : Instant.MAX;
        waitingRoom.startIsNear();
        Position start = new TailStart(owned.get(), watch.unreadable(), offsets)
                .positionToFill(windowBytes.getAsLong(), mappers, options.pollTimeout());
        Window window = new Window(options.windowBytes(), start);
        FeedStart started = new FeedStart(latest, unanswered);
        memory = new FeedMemory(
                window, groups, new EventNames(options.streamed()), new LeaderEpochs(), sources.replays(), started);
        opener = new CursorOpener(window, groups, sources.ofClients(), watch, started, sources.counters().gaps::add);
        LOG.info(
                "Following {}{}",
                this,
                unanswered.isEmpty() ? "" : ", without " + unanswered.partitions() + " for now");
        letWaitingIn();
    }

    /** True if nothing was produced between an instant and a position at the end of the log. */
    private boolean isNothingSince(Instant instant, Position latest, Set<String> undescribed) {
        LogOffsets then = new OffsetQuestion(latest.layout(), undescribed, instant.toEpochMilli()).ask(source);
        return latest.isAtOrBefore(
                new Position(latest.layout(), then.zeroWhereUnknown().atInstant()));
    }

    /** Called by the feed's thread when it has started, and by a thread that joins at that moment. */
    private void letWaitingIn() {
        CursorOpener ready = opener;
        if (ready != null && !refusesNewcomers) {
            waitingRoom.letAllIn(ready, nothingSince);
        }
    }

    private void failed(Throwable e) {
        Set<String> absent = e instanceof UnknownTopicsException unknown ? unknown.topics() : Set.of();
        if (!areAwaited(absent)) {
            refuse(absent);
        } else if (opener == null) {
            waitingRoom.absent(absent);
        }
        boolean isOfClients = opener == null && !areAwaited(topics);
        if (isOfClients && (e instanceof TooManyPartitionsException || !areAwaited(absent))) {
            // Anybody can make a mistake, so it is neither a failure nor worth a line in the log.
            status.startsAgain();
            return;
        }
        status.failed(RootCause.describe(e), isOfClients && e instanceof TopicAuthorizationException);
        failures.log(this, e);
    }

    /** Topics of the settings may be created later. */
    private boolean areAwaited(Collection<String> absent) {
        return options.awaited().containsAll(absent);
    }

    /** Tells those who come that other topics do not exist. Those who follow already get the others, and wait for these. */
    private void refuse(Set<String> unknown) {
        Set<String> named = new TreeSet<>(unknown);
        named.removeAll(options.awaited());
        refusesNewcomers = opener != null;
        waitingRoom.fail(new StartFailure(
                StartFailure.Reason.UNKNOWN_TOPIC, "The brokers know no topic " + String.join(", ", named)));
    }

    @Override
    public String toString() {
        return String.join(",", topics);
    }
}
