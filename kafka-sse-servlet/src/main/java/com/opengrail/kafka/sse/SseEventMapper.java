package com.opengrail.kafka.sse;

import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One step from a record to the events made of it: the counterpart of a transducer.
 *
 * <p>A mapper is given the record and the event made so far, and passes on none (it filters), one (it maps) or several
 * events. The first mapper of a chain is, unless left out, the default mapper: event name = record key, data = record
 * value. A chain runs once per record however many clients listen.
 *
 * <pre>{@code
 * SseEventMapper onlyShipped = (record, event, next) -> {
 *     if (event.data() != null && event.data().startsWith("shipped ")) {
 *         next.accept(event.withName("shipped"));
 *     }
 * };
 * }</pre>
 *
 * <p>A mapper is a pure function of the record: it is run again when a client is served from an older position, by
 * another server as well, and must then give the same events. Key and value of the record are deserialized when the
 * mapper asks for them. What a mapper throws costs the record (it is counted, logged and skipped), not the stream.
 *
 * <p>Threads: a mapper is called by several threads, each with records of its own, and must be safe for that.
 */
@FunctionalInterface
public interface SseEventMapper {

    /**
     * Passes on the events that this step makes of one event.
     *
     * @param record the record, with key and value as the configured deserializers give them
     * @param event the event made so far, never {@code null}
     * @param next takes each event passed on, in order, never {@code null}; valid during this call only
     */
    void map(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next);

    /**
     * This mapper, and another for each event that it passes on.
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
