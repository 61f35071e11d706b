package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.StreamInfo;
import com.opengrail.kafka.sse.internal.access.Rechecks;
import com.opengrail.kafka.sse.internal.feed.Feeds;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.request.CallOptions;
import com.opengrail.kafka.sse.internal.threads.Deadline;
import com.opengrail.kafka.sse.internal.threads.Deadline.Ending;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.internal.writer.Writers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of one engine, with the threads that serve them: some that write, one that looks at the clock, and others
 * that ask checks and sessions.
 *
 * <p>Threads: safe.
 */
public final class StreamServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamServer.class);

    /** How late a keep-alive may be: this part of its period, within the bounds below. */
    private static final int TICKS_PER_KEEP_ALIVE = 20;

    /** Whether a stream may continue is looked at in each tick, and asked in every second one at most. */
    private static final int TICKS_PER_RECHECK = 8;

    private static final long SHORTEST_TICK_MILLIS = 10;
    private static final long LONGEST_TICK_MILLIS = 250;

    /**
     * All connections together must end within a second of {@code destroy}. The rest of it is for threads and feeds.
     */
    private static final long END_STREAMS_MILLIS = 550;

    private static final long END_THREADS_MILLIS = 50;

    /** The feeds also get the time that the streams did not use. */
    private static final long END_FEEDS_MILLIS = 300;

    /** The container's threads write to clients too, mostly to new ones. */
    private static final int COMPRESSORS_PER_WRITER = 2;

    private final Feeds feeds;
    private final Compressors compressors;
    private final Writers writers;
    private final Clients clients;
    private final Rechecks rechecks;
    private final StreamEndpoint endpoint;
    private final ScheduledExecutorService timer;
    private final ScheduledFuture<?> ticks;
    private final ScheduledFuture<?> checks;
    /** Set with the first task, before the constructor ends. */
    private volatile Thread timerThread;

    private final Slice timerSlice = new Slice();
    private final AtomicBoolean closed = new AtomicBoolean();

    public StreamServer(
            ServerOptions options, Feeds feeds, Counters counters, EngineThreads threads, LongSupplier nanoTime) {
        this.feeds = feeds;
        this.compressors = new Compressors(COMPRESSORS_PER_WRITER * options.writerThreads());
        this.writers = new Writers(options.writerThreads(), options.name(), threads, nanoTime);
        this.rechecks = new Rechecks(options.name(), threads);
        this.clients = new Clients(options.clients(), options.limits(), writers, rechecks, counters, nanoTime);
        this.endpoint = new StreamEndpoint(
                options.requests(), options.cors(), feeds, clients, options.gzip() ? compressors : null);
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = threads.newThread(task, options.name() + "-timer");
            timerThread = thread;
            return thread;
        });
        long tick = tickMillis(options.clients());
        this.ticks = repeat(this::tick, "clients", tick);
        this.checks = repeat(writers::replaceBlocked, "writer threads", Writers.CHECK_MILLIS);
        startWriters();
    }

    private ScheduledFuture<?> repeat(Runnable look, String after, long millis) {
        Runnable safe = () -> {
            try {
                look.run();
            } catch (Throwable e) {
                // If it were thrown on, the timer would end silently, and keep-alives and time limits with it.
                LOG.error("Looking after the {} failed; trying again", after, e);
            }
        };
        return timer.scheduleWithFixedDelay(safe, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Called last. Nobody closes a server that could not be made, so nothing of it may stay. */
    private void startWriters() {
        try {
            writers.start();
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private static long tickMillis(ClientOptions options) {
        long keepAlive = options.keepAliveMillis();
        long wanted = keepAlive == 0 ? LONGEST_TICK_MILLIS : keepAlive / TICKS_PER_KEEP_ALIVE;
        wanted = Math.min(wanted, options.recheckMillis() / TICKS_PER_RECHECK);
        return Math.max(SHORTEST_TICK_MILLIS, Math.min(LONGEST_TICK_MILLIS, wanted));
    }

    public void serve(HttpServletRequest request, HttpServletResponse response, CallOptions call) throws IOException {
        endpoint.serve(request, response, call);
    }

    /** True if a request is for a stream and not for a page at the same URL. */
    public boolean isForStream(HttpServletRequest request, HttpServletResponse response) {
        return endpoint.isForStream(request, response);
    }

    /** True if no thread has ended before it was told to. */
    public boolean isAlive() {
        return closed.get() || writers.areAlive() && feeds.areAlive();
    }

    public long connections() {
        return clients.count();
    }

    public long connections(StreamInfo.State state) {
        return clients.count(state);
    }

    public List<StreamInfo> streams() {
        return clients.infos();
    }

    public int endStreamsOfUser(String user) {
        return clients.endOfUser(user);
    }

    private void tick() {
        clients.tick(timerSlice);
        feeds.tick();
    }

    /** Ends all streams, each with its position, and all threads, within a second. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Deadline deadline = Deadline.in(Duration.ofMillis(END_STREAMS_MILLIS + END_FEEDS_MILLIS));
            ticks.cancel(false);
            clients.close(END_STREAMS_MILLIS);
            checks.cancel(false);
            timer.shutdown();
            rechecks.close();
            feeds.close(Math.max(END_FEEDS_MILLIS, deadline.millisLeft()));
            awaitThreads();
            compressors.close();
        }
    }

    /** Tomcat warns of threads that still run after {@code destroy}, even if they are about to end. */
    private void awaitThreads() {
        Stream<Ending> threads = Stream.concat(writers.endings(), Stream.of(timerThread::join));
        Deadline.in(Duration.ofMillis(END_THREADS_MILLIS)).await(Stream.concat(threads, rechecks.endings()));
    }
}
