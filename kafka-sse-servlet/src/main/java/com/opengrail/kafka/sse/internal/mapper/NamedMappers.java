package com.opengrail.kafka.sse.internal.mapper;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.SseEventMapper;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** The mappers that have a short name. All are pure functions of the record, and safe for several threads. */
final class NamedMappers {
    /** Makes a mapper by its name. The argument is {@code null} if there is none. */
    private static final Map<String, Function<String, SseEventMapper>> MAKERS = new TreeMap<>(Map.of(
            "header-event",
            NamedMappers::headerEvent,
            "topic-event",
            without("topic-event", NamedMappers::topicEvent),
            "constant-event",
            NamedMappers::constantEvent,
            "envelope",
            EnvelopeMapper::of,
            "tombstones",
            NamedMappers::tombstones,
            "cloudevents",
            without("cloudevents", NamedMappers::cloudEvent),
            "trace",
            without("trace", new TraceMapper())));

    /** All names with their arguments, for messages. */
    static final String KNOWN =
            "cloudevents, constant-event:NAME, envelope, header-event:HEADER, tombstones:delete, tombstones:skip,"
                    + " topic-event, trace";

    private NamedMappers() {}

    static boolean isName(String name) {
        return MAKERS.containsKey(name);
    }

    /**
     * Makes the mapper with a name.
     *
     * @throws IllegalArgumentException if the argument is missing or wrong
     */
    static SseEventMapper of(String name, String argument) {
        return MAKERS.get(name).apply(argument);
    }

    private static Function<String, SseEventMapper> without(String name, SseEventMapper mapper) {
        return argument -> {
            if (argument != null) {
                throw new IllegalArgumentException(name + " takes no argument");
            }
            return mapper;
        };
    }

    private static SseEventMapper headerEvent(String header) {
        required("header-event", "the name of a header", header);
        return (record, event, next) -> {
            String name = header(record, header);
            next.accept(name == null ? event : event.withName(name));
        };
    }

    private static SseEventMapper constantEvent(String name) {
        required("constant-event", "the name of the events", name);
        return (record, event, next) -> next.accept(event.withName(name));
    }

    private static void required(String name, String what, String argument) {
        if (argument == null || argument.isBlank()) {
            throw new IllegalArgumentException(name + " needs an argument, " + what + ", as in " + name + ":type");
        }
    }

    private static SseEventMapper tombstones(String argument) {
        if ("delete".equals(argument)) {
            return NamedMappers::deleteTombstone;
        }
        if ("skip".equals(argument)) {
            return NamedMappers::skipTombstone;
        }
        throw new IllegalArgumentException("tombstones needs an argument, delete or skip, as in tombstones:delete");
    }

    private static void topicEvent(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
        next.accept(event.withName(record.topic()));
    }

    private static void deleteTombstone(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
        next.accept(isTombstone(record) ? SseEvent.of("delete", RecordText.of(record.key())) : event);
    }

    private static void skipTombstone(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
        if (!isTombstone(record)) {
            next.accept(event);
        }
    }

    /** Looks at the size only, so that the value is not deserialized. The size of a null value is negative. */
    private static boolean isTombstone(ConsumerRecord<?, ?> record) {
        return record.serializedValueSize() < 0;
    }

    /**
     * The Kafka protocol binding of CloudEvents 1.0. In binary mode (3.2) the attributes are headers. In structured
     * mode (3.3) the value is the whole event, and stays as it is.
     */
    private static void cloudEvent(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
        String type = header(record, "ce_specversion") == null ? null : header(record, "ce_type");
        next.accept(type == null ? event : event.withName(type));
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }
}
