package com.opengrail.kafka.sse;

import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One step from a record to the events that are made of it.
 *
 * <p>A mapper gets the record and the event made so far. It passes on no event (it filters), one (it maps) or several.
 * The first mapper of a chain is the default mapper, unless that is left out: the name of the event is the key of the
 * record, its data is the value. A chain runs once per record, however many clients listen.
 *
 * <pre>{@code
 * SseEventMapper onlyShipped = (record, event, next) -> {
 *     if (event.data() != null && event.data().startsWith("shipped ")) {
 *         next.accept(event.withName("shipped"));
 *     }
 * };
 * }</pre>
 *
 * <p>A mapper must be a pure function of the record. It runs again when a client is served from an older position,
 * possibly on another server, and must then give the same events. Key and value of the record are deserialized when the
 * mapper asks for them. If a mapper throws, the record is counted, logged and skipped, and the stream continues.
 *
 * <p>Threads: several threads call a mapper, each with records of its own. It must be safe for that. It reads key and
 * value and passes on events in the thread that called it: in others these may throw {@link IllegalStateException}.
 */
@FunctionalInterface
public interface SseEventMapper {

    /**
     * Passes on the events that this step makes of an event.
     *
     * @param record the record, with key and value as the configured deserializers give them
     * @param event the event made so far, never {@code null}
     * @param next takes each event passed on, in order, never {@code null}; valid during this call and in its thread only. Events that
     *     come later or from another thread reach no client, and the record counts as failed
     */
    void map(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next);

    /**
     * Composes this mapper with another one, which gets each event that this one passes on.
     *
     * @param after the mapper that follows
     * @return the composition of both
     * @throws NullPointerException if {@code after} is {@code null}
     */
    default SseEventMapper andThen(SseEventMapper after) {
        Objects.requireNonNull(after, "after == null");
        return (record, event, next) -> map(record, event, made -> after.map(record, made, next));
    }
}
