package com.opengrail.kafka.sse;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * What the application decides about one stream, in addition to the request. Start with {@link #defaults()} and change
 * what differs; each method returns a copy.
 *
 * <pre>{@code
 * StreamOptions options = StreamOptions.defaults()
 *         .withTopics(List.of("orders"))
 *         .withEvents(event -> user.equals(event.name()));
 * engine.stream(request, response, options);
 * }</pre>
 *
 * <p>Threads: immutable, safe to share. Threads of the engine call the predicate and the check.
 */
public final class StreamOptions {
    private static final StreamOptions DEFAULTS =
            new StreamOptions(List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    private final List<String> topics;
    private final Optional<Predicate<? super SseEvent>> events;
    private final Optional<Instant> until;
    private final Optional<BooleanSupplier> check;

    private StreamOptions(
            List<String> topics,
            Optional<Predicate<? super SseEvent>> events,
            Optional<Instant> until,
            Optional<BooleanSupplier> check) {
        this.topics = topics;
        this.events = events;
        this.until = until;
        this.check = check;
    }

    /** {@return options that leave all to the request: its topics, all events, no end; always the same object} */
    public static StreamOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Names the topics. The request is not asked for them. Each element is one name: nothing is split or trimmed. The
     * names must be among the allowed topics of the engine.
     *
     * @param names at least one; an empty list would give the choice back to the request
     * @return a copy with these topics
     * @throws IllegalArgumentException if the list is empty
     */
    public StreamOptions withTopics(List<String> names) {
        List<String> copy = List.copyOf(Objects.requireNonNull(names, "names == null"));
        if (copy.isEmpty()) {
            throw new IllegalArgumentException("withTopics needs at least one topic");
        }
        return new StreamOptions(copy, events, until, check);
    }

    /**
     * Limits the stream to the events that the client may see. The client's own filter cannot enforce that.
     *
     * <p>The predicate sees the events that {@code event-filter} and the request's filter let through, as they would be
     * sent. The name is {@code null} where there is none; the data is never {@code null}. Gap events are always sent.
     *
     * <p>It is called once per event, by one thread at a time, and again for the same event when a client resumes. The
     * thread serves other clients too, so the predicate must not block. The request may be over by then: read what you
     * need from it beforehand.
     *
     * <p>If the predicate throws, this stream ends with the position before the event. A warning is logged at most once
     * a minute. The client reconnects and meets the same event again.
     *
     * @param wanted true for the events that this client gets
     * @return a copy with this predicate
     */
    public StreamOptions withEvents(Predicate<? super SseEvent> wanted) {
        Objects.requireNonNull(wanted, "wanted == null");
        return new StreamOptions(topics, Optional.of(wanted), until, check);
    }

    /**
     * Ends the stream at an instant, for example when the user's token expires. No event is written from then on; the
     * position is. An authentication filter can set the same without code in a servlet: it puts an {@link Instant} into
     * the request attribute {@code com.opengrail.kafka.sse.until}. The earlier of the two counts.
     *
     * @param end the end
     * @return a copy with this end
     */
    public StreamOptions withUntil(Instant end) {
        return new StreamOptions(topics, events, Optional.of(Objects.requireNonNull(end, "end == null")), check);
    }

    /**
     * Asks the application again and again whether the stream may continue. The engine ends the stream when the answer
     * is false. It asks when the request has left servlet and filters, and the client gets no event before the first yes.
     * Then it asks up to four times in each {@code recheck-millis}. It does so on threads of its own that serve no clients.
     * The check may look something up.
     *
     * <p>A check that throws ends its stream. One that takes longer than a third of {@code recheck-millis} may end it, since a
     * stream has to end within {@code recheck-millis} after its access was withdrawn. The thread of a check is interrupted then,
     * and when the stream ends. At most 64 checks run at once; the others wait, and the wait counts. On Payara, or if
     * {@code stream} is called by a thread of the application, the first time may be before {@code stream} returns.
     *
     * <p>The request may be over when the check is called: read what you need from it beforehand.
     *
     * @param mayContinue true while the stream may continue
     * @return a copy with this check
     */
    public StreamOptions withCheck(BooleanSupplier mayContinue) {
        Objects.requireNonNull(mayContinue, "mayContinue == null");
        return new StreamOptions(topics, events, until, Optional.of(mayContinue));
    }

    /** {@return the names of the topics that the application names; empty if the request names them} */
    public List<String> topics() {
        return topics;
    }

    /** {@return the predicate on events; empty if the client gets all events that its filter lets through} */
    public Optional<Predicate<? super SseEvent>> events() {
        return events;
    }

    /** {@return the end of the stream; empty if there is none} */
    public Optional<Instant> until() {
        return until;
    }

    /** {@return the check that the engine repeats; empty if there is none} */
    public Optional<BooleanSupplier> check() {
        return check;
    }
}
