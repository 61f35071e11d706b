package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.source.ConsumerClose;
import com.opengrail.kafka.sse.internal.source.FetchAnswers;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.MapperChain;
import com.opengrail.kafka.sse.internal.source.TopicDescriber;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of one subscription as one sequence of frames, read by one consumer for all clients that follow them.
 *
 * <p>Its thread asks the brokers for the topics, starts the tail and runs it, and starts another, with growing pauses,
 * when one failed: brokers that are away are waited for. Clients that come before the first answer wait with it.
 *
 * <p>Threads: {@link #join}, {@link #leave} and {@link #close} from anywhere; all that touches Kafka or appends to the
 * window is the feed's own thread.
 */
final class Feed implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final Duration OPENED_WITHIN = Duration.ofMillis(900);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    /** A client of the feed before its stream has started. */
    private record Waiting(Start start, EventFilter filter, Follower follower, Instant since) {

        /**
         * Where the client starts by now: its stream may have been opened without a position in the meantime, and then
         * what has been produced since is its.
         *
         * @param nothingSince the instant from which on nothing has been produced, as far as is known
         */
        Start startNow(Instant nothingSince) {
            boolean waitedLong = Instant.now().isAfter(since.plus(OPENED_WITHIN));
            boolean mayHaveMissed = waitedLong && since.isBefore(nothingSince);
            return start instanceof Start.Latest && mayHaveMissed ? new Start.Since(since) : start;
        }
    }

    private final List<String> topics;
    private final String clientId;
    private final KafkaSource source;
    private final FeedOptions options;
    private final FeedSources sources;
    private final FeedStatus status;
    private final FilterViews views = new FilterViews();
    private final EventNames names;
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final Queue<Waiting> waiting = new ConcurrentLinkedQueue<>();
    private final FeedPause pause = new FeedPause();
    private final Thread thread;

    /** Written by the feed's thread. */
    private volatile CursorOpener opener;

    private volatile Consumer<byte[], byte[]> consumer;

    /** When nothing had been produced for this long, where that is known. */
    private volatile Instant nothingSince = Instant.MAX;

    private Window window;
    private boolean failureLogged;

    /** Written by whoever closes. */
    private volatile boolean closed;

    Feed(List<String> topics, String clientId, FeedSources sources, FeedOptions options) {
        this.topics = topics;
        this.clientId = clientId;
        this.source = sources.kafka();
        this.options = options;
        this.sources = sources;
        this.status = new FeedStatus(
                sources.counters(), followers::size, source.silentAfter().toNanos(), System::nanoTime);
        this.names = new EventNames(options.streamed());
        this.thread = new Thread(this, clientId);
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Adds a client, which is told at once or later that its stream can start, or that it cannot. */
    void join(Start start, EventFilter filter, Follower follower) {
        followers.add(follower);
        CursorOpener ready = opener;
        if (ready != null) {
            ready.open(start, filter, follower);
            return;
        }
        waiting.add(new Waiting(start, filter, follower, Instant.now()));
        pause.shorten();
        openWaiting();
    }

    /** Takes a client out, whether its stream has started or not. */
    void leave(Follower follower) {
        followers.remove(follower);
        waiting.removeIf(candidate -> candidate.follower().equals(follower));
    }

    /** What operators see of the feed. */
    FeedStatus status() {
        return status;
    }

    /** Whether the thread runs, or has been told to end. */
    boolean isAlive() {
        return closed || thread.isAlive();
    }

    /** Whether the brokers have answered once. */
    boolean hasStarted() {
        return opener != null;
    }

    /** Ends the feed; its thread lets go of Kafka and stops by itself. */
    void close() {
        closed = true;
        pause.end();
        Consumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        } else {
            thread.interrupt();
        }
    }

    boolean awaitEnd(long millis) throws InterruptedException {
        thread.join(Math.max(1, millis));
        return !thread.isAlive();
    }

    @Override
    public void run() {
        try (TopicDescriber describer = source.newDescriber()) {
            follow(new TopicWatch(topics, describer, options.topicCheck().toNanos(), System.nanoTime()));
        }
        if (hasStarted()) {
            LOG.info("No longer following {}", this);
        }
    }

    private void follow(TopicWatch watch) {
        while (!closed) {
            try (MapperChain mappers = source.newMapperChain()) {
                follow(mappers, watch);
            } catch (RuntimeException | Error e) {
                // An interrupt that does not come with closing must not make the next attempt fail, too.
                boolean interrupted = Thread.interrupted();
                if (!closed) {
                    LOG.debug("Failed, interrupted: {}", interrupted);
                    failed(e);
                    pause.await();
                }
            }
        }
    }

    private void follow(MapperChain mappers, TopicWatch watch) {
        Layout layout = watch.ask();
        Consumer<byte[], byte[]> opened = source.newConsumer(clientId);
        try {
            consumer = opened;
            if (closed) {
                return;
            }
            if (window == null) {
                startWindow(layout, mappers, opened, watch);
            }
            Tail tail = new Tail(opened, mappers, window, views, names, watch);
            tail.goOnWith(layout);
            pause.reset();
            failureLogged = false;
            answered(tail);
            FetchAnswers answers = new FetchAnswers(opened);
            while (!closed) {
                tail.runOnce(options.pollTimeout(), System.nanoTime());
                tail.report(status);
                if (answers.isAnyNew()) {
                    answered(tail);
                } else if (status.unanswered()) {
                    LOG.warn("Cannot follow {} for now: {}", this, status.getLastError());
                }
            }
        } finally {
            consumer = null;
            ConsumerClose.promptly(opened);
        }
    }

    private void answered(Tail tail) {
        status.lag(tail.lag());
        if (status.answered()) {
            LOG.info("Following {} again", this);
        }
    }

    private void startWindow(Layout layout, MapperChain mappers, Consumer<byte[], byte[]> opened, TopicWatch watch) {
        opened.assign(layout.partitions());
        TailStart start = new TailStart(opened, layout);
        Place latest = new Place(layout, start.latest());
        nothingSince = nothingSince(latest, opened);
        long[] position = start.positionToFill(options.windowBytes(), mappers, options.pollTimeout());
        window = new Window(options.windowBytes(), layout, position);
        opener = new CursorOpener(window, views, sources, watch, latest);
        LOG.info("Following {}", this);
        openWaiting();
    }

    /** Asks once for all who wait, since there may be thousands, whether anything has been produced since the first of them came. */
    private Instant nothingSince(Place latest, Consumer<byte[], byte[]> opened) {
        Instant first =
                waiting.stream().map(Waiting::since).min(Instant::compareTo).orElse(Instant.MAX);
        if (first == Instant.MAX || first.plus(OPENED_WITHIN).isAfter(Instant.now())) {
            return Instant.MAX;
        }
        BrokerOffsets brokers = new BrokerOffsets(opened, latest.layout(), ANSWER_WITHIN);
        Place then = brokers.place(new Start.Since(first));
        return latest.isAtOrBefore(then) ? first : Instant.MAX;
    }

    /** Called by the feed's thread when it has started, and by who joins in that moment; each is opened once. */
    private void openWaiting() {
        CursorOpener ready = opener;
        Waiting next = ready == null ? null : waiting.poll();
        while (next != null) {
            ready.open(next.startNow(nothingSince), next.filter(), next.follower());
            next = waiting.poll();
        }
    }

    private void failed(Throwable e) {
        status.failed(e.toString());
        if (e instanceof UnknownTopicOrPartitionException) {
            refuse(Refusal.Reason.UNKNOWN_TOPIC, "the brokers know no topic " + this);
            failureLogged |= opener == null && waiting.isEmpty();
        } else if (e instanceof AuthorizationException || e instanceof AuthenticationException) {
            refuse(Refusal.Reason.NOT_AUTHORIZED, "Kafka refuses this server access to " + this);
        }
        if (failureLogged) {
            LOG.debug("Still cannot follow {}", this, e);
        } else if (e instanceof AuthorizationException || e instanceof AuthenticationException) {
            failureLogged = true;
            LOG.error("Kafka refuses access to {}: {}", this, e.toString());
        } else if (e instanceof KafkaException) {
            failureLogged = true;
            LOG.warn("Cannot follow {} for now, trying again: {}", this, e.toString());
        } else {
            failureLogged = true;
            LOG.error("Cannot follow {}, trying again", this, e);
        }
    }

    /** An unknown topic is news only for those who wait: who follows it already waits for it to be there again. */
    private void refuse(Refusal.Reason reason, String text) {
        Refusal refusal = new Refusal(reason, text);
        waiting.removeIf(candidate -> candidate.follower().refused(refusal));
        if (reason == Refusal.Reason.NOT_AUTHORIZED) {
            followers.forEach(follower -> follower.refused(refusal));
        }
    }

    @Override
    public String toString() {
        return String.join(",", topics);
    }
}
