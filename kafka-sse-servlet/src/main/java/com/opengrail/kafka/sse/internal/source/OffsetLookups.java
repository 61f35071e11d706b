package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.threads.PayerShares;
import com.opengrail.kafka.sse.internal.threads.PayerTurns;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the brokers for offsets on behalf of the clients of all feeds. No thread waits for an answer.
 *
 * <p>Limits: of equal questions one is asked at a time. An answer is for those who came before it was asked for. Whoever came
 * later may know newer records, from another server, and would take them for a log that has become shorter. All of them
 * share the next answer. A question that nobody waits for any more is not asked.
 *
 * <p>Only some are asked at a time, because the admin client sends one request after the other to each broker, and there
 * nobody takes turns. Payers share them, and take turns where they wait, so that one with many questions does not hold up
 * another with one. Those of one feed have a bound of their own, and what is not answered soon counts for that one alone. So
 * brokers that hang for some topics do not hold up the look-ups of others. If the last answer took long, fewer of a feed are
 * asked at once.
 *
 * <p>Threads: safe. The lock is held for a few assignments, not while asking or answering.
 */
public final class OffsetLookups {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetLookups.class);
    private static final int MOST_AT_ONCE = 16;
    private static final int MOST_OF_FEED = 8;

    /** Where brokers are far away, more at once would wait for each other until they are given up. */
    static final int MOST_OF_FEED_IF_LATE = 2;

    static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Brokers that take so long hang. Others do not wait for them. */
    private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Somebody who waits for an answer. */
    public interface Asker {

        /** Who takes turns with others: the client's user or address. */
        String payer();

        void answered(LogOffsets offsets);

        /** They have not answered, or refused to. */
        void unanswered();
    }

    /** The look-ups about some topics. Guarded by the lock. */
    private static final class OfFeed {
        private final List<String> topics;

        /** Those that are yet to be asked. */
        private final PayerTurns<Lookup> waiting = new PayerTurns<>();

        /** How many are asked now. */
        private int running;

        OfFeed(List<String> topics) {
            this.topics = topics;
        }

        private boolean isIdle() {
            return running == 0 && waiting.isEmpty();
        }
    }

    /** A question, and who waits for the answer. Guarded by the lock. */
    private static final class Lookup {
        private final OffsetQuestion question;

        private final OfFeed feed;

        /** Those in whose turns it is asked, before it has been asked. */
        private final Set<String> payers = new HashSet<>();

        private final List<Asker> askers = new ArrayList<>();

        /** Those who came after it had been asked. */
        private final List<Asker> late = new ArrayList<>();

        /** In whose turn it has been asked, or {@code null}, and when. */
        private String payer;

        private long askedAt;

        Lookup(OffsetQuestion question, OfFeed feed) {
            this.question = question;
            this.feed = feed;
        }

        private boolean isAsked() {
            return payer != null;
        }
    }

    private final KafkaSource source;
    private final LongSupplier nanoTime;

    /** Guarded by this: all open questions, asked or not. */
    private final Map<OffsetQuestion, Lookup> open = new HashMap<>();

    /**
     * Guarded by this: the feeds that have open questions, in the order of their turns. Each has turns of its own, so that nobody
     * looks through all that wait for one that has reached its bound.
     */
    private final Map<List<String>, OfFeed> feeds = new LinkedHashMap<>();

    /** Guarded by this: what is asked and not slow yet, the oldest first. Each has its payer's share. */
    private final Deque<Lookup> quick = new ArrayDeque<>();

    private final PayerShares shares;

    /** Guarded by this: a thread takes one after the other. */
    private boolean asking;

    /** Guarded by this: the last answer took long, or did not come in time; or there was none yet. */
    private boolean isLate = true;

    public OffsetLookups(KafkaSource source, LongSupplier nanoTime) {
        this(source, nanoTime, new PayerShares(MOST_AT_ONCE));
    }

    /** For tests that count how often a share is asked for. */
    OffsetLookups(KafkaSource source, LongSupplier nanoTime, PayerShares shares) {
        this.source = source;
        this.nanoTime = nanoTime;
        this.shares = shares;
    }

    /** Asks a question. The answer comes later, on another thread. */
    public void ask(OffsetQuestion question, Asker asker) {
        synchronized (this) {
            Lookup lookup = open.computeIfAbsent(question, this::newLookup);
            if (lookup.isAsked()) {
                lookup.late.add(asker);
            } else {
                add(lookup, asker);
            }
        }
        askNext();
    }

    private Lookup newLookup(OffsetQuestion question) {
        List<String> topics =
                question.layout().topics().stream().map(Layout.Topic::name).toList();
        return new Lookup(question, feeds.computeIfAbsent(topics, OfFeed::new));
    }

    /** Whoever waits for an answer, too, may have an earlier turn than those who came before. */
    private void add(Lookup lookup, Asker asker) {
        lookup.askers.add(asker);
        if (lookup.payers.add(asker.payer())) {
            lookup.feed.waiting.add(asker.payer(), lookup);
        }
    }

    /** Somebody does not wait any more. */
    public synchronized void cancel(OffsetQuestion question, Asker asker) {
        Lookup lookup = open.get(question);
        if (lookup == null) {
            return;
        }
        lookup.askers.remove(asker);
        lookup.late.remove(asker);
        if (lookup.askers.isEmpty() && !lookup.isAsked()) {
            letGo(lookup);
            open.remove(question);
            forgetIfIdle(lookup.feed);
        }
    }

    /** Takes a question out of the turns. */
    private void letGo(Lookup lookup) {
        lookup.payers.forEach(payer -> lookup.feed.waiting.remove(payer, lookup));
    }

    private void forgetIfIdle(OfFeed feed) {
        if (feed.isIdle()) {
            feeds.remove(feed.topics);
        }
    }

    /** Asks what may be asked now. To be called now and then, because time passes for those that brokers do not answer. */
    public void askNext() {
        boolean goesOn = startAsking();
        try {
            while (goesOn) {
                goesOn = askOne();
            }
        } finally {
            if (goesOn) {
                // Something was thrown, such as an OutOfMemoryError. The next call asks again.
                stopAsking();
            }
        }
    }

    /** False if nothing may be asked now. Then this thread asks no more. */
    private boolean askOne() {
        Lookup next = takeNext();
        if (next != null) {
            answer(next.question).whenComplete((offsets, failure) -> finished(next, offsets, failure));
        }
        return next != null;
    }

    /** A question that cannot be asked counts as unanswered. The others go on. */
    private CompletionStage<LogOffsets> answer(OffsetQuestion question) {
        try {
            return source.offsets(question);
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** Whoever asks goes on until nothing is left: an answer may be there at once, and its receiver would ask again. */
    private synchronized boolean startAsking() {
        boolean isFirst = !asking;
        asking = true;
        return isFirst;
    }

    private synchronized void stopAsking() {
        asking = false;
    }

    /** Without a next one the thread stops asking under the same lock, so that none comes in between and waits in vain. */
    private synchronized Lookup takeNext() {
        long now = nanoTime.getAsLong();
        while (!quick.isEmpty() && now - quick.element().askedAt >= SLOW_NANOS) {
            shares.release(quick.remove().payer, 1);
        }
        Lookup next = shares.hasRoomFor(1) ? poll() : null;
        if (next == null) {
            asking = false;
            return null;
        }
        letGo(next);
        next.askedAt = now;
        quick.add(next);
        next.feed.running++;
        return next;
    }

    /** The next in turn, or {@code null}. The next turn of its feed comes after those of all others. */
    private Lookup poll() {
        int mostOfFeed = isLate ? MOST_OF_FEED_IF_LATE : MOST_OF_FEED;
        for (OfFeed feed : feeds.values()) {
            Lookup next = feed.running < mostOfFeed ? feed.waiting.poll(this::take) : null;
            if (next != null) {
                feeds.remove(feed.topics);
                feeds.put(feed.topics, feed);
                return next;
            }
        }
        return null;
    }

    private boolean take(String payer, Lookup lookup) {
        if (!shares.take(payer, 1)) {
            return false;
        }
        lookup.payer = payer;
        return true;
    }

    private void finished(Lookup lookup, LogOffsets offsets, Throwable failure) {
        List<Asker> askers;
        synchronized (this) {
            if (quick.remove(lookup)) {
                shares.release(lookup.payer, 1);
            }
            lookup.feed.running--;
            isLate = nanoTime.getAsLong() - lookup.askedAt >= LATE_NANOS;
            open.remove(lookup.question);
            askers = List.copyOf(lookup.askers);
            if (!lookup.late.isEmpty()) {
                Lookup next = new Lookup(lookup.question, lookup.feed);
                open.put(lookup.question, next);
                lookup.late.forEach(asker -> add(next, asker));
            }
            forgetIfIdle(lookup.feed);
        }
        askers.forEach(asker -> tell(asker, lookup.question, offsets, failure));
        askNext();
    }

    /** What fails with one client does not keep the others from their answer. */
    private static void tell(Asker asker, OffsetQuestion question, LogOffsets offsets, Throwable failure) {
        try {
            if (failure == null) {
                asker.answered(offsets);
            } else {
                LOG.debug("No offsets of {}", question.layout(), failure);
                asker.unanswered();
            }
        } catch (RuntimeException | Error e) {
            LOG.error("A stream of {} could not be started", question.layout(), e);
        }
    }
}
