package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.SseEventMapper;
import com.opengrail.kafka.sse.internal.mapper.RecordText;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Makes events of a record and encodes them. Where key and value are strings in UTF-8 and no mapper looks at them, the
 * bytes go through as they are.
 *
 * <p>Limits: a record that cannot be deserialized, mapped or encoded is skipped, counted and logged; nothing of it is
 * left behind.
 *
 * <p>Threads: not safe; one for each thread that reads from Kafka. The mappers themselves are shared.
 */
public final class MapperChain implements AutoCloseable {
    /** Without settings it decodes UTF-8. */
    private static final Deserializer<String> UTF_8_STRINGS = new StringDeserializer();

    private final boolean defaultMapper;
    private final SseEventMapper mappers;
    private final Deserializer<?> keyDeserializer;
    private final Deserializer<?> valueDeserializer;
    private final ReservedNames reserved;
    private final MappingFailures failures;

    /**
     * A chain.
     *
     * @param defaultMapper whether the default mapper is its first
     * @param mappers the mappers that follow, composed, or {@code null} if there are none
     * @param keyDeserializer gives the key, or {@code null} where it is a string in UTF-8
     * @param valueDeserializer gives the value, or {@code null} where it is a string in UTF-8
     * @param reserved the event names that records may not have
     * @param failures is told of the records that are skipped
     */
    public MapperChain(
            boolean defaultMapper,
            SseEventMapper mappers,
            Deserializer<?> keyDeserializer,
            Deserializer<?> valueDeserializer,
            ReservedNames reserved,
            MappingFailures failures) {
        this.defaultMapper = defaultMapper;
        this.mappers = mappers;
        this.keyDeserializer = keyDeserializer;
        this.valueDeserializer = valueDeserializer;
        this.reserved = reserved;
        this.failures = failures;
    }

    public void encode(ConsumerRecord<byte[], byte[]> raw, RecordFrames into) {
        into.clear();
        into.timestamp(raw.timestamp());
        try {
            if (mappers == null && keyDeserializer == null && valueDeserializer == null) {
                SseEvent event = defaultMapper ? SseEvent.ofUtf8(raw.key(), raw.value()) : SseEvent.empty();
                into.addOfRecord(event, reserved);
            } else {
                map(raw, into);
            }
        } catch (Throwable e) {
            into.clear();
            if (e instanceof OutOfMemoryError shortage && !failures.isFaultOf(raw)) {
                throw shortage;
            }
            failures.skipped(raw, e);
        }
    }

    private void map(ConsumerRecord<byte[], byte[]> raw, RecordFrames into) {
        LazyRecord record = new LazyRecord(raw, orString(keyDeserializer), orString(valueDeserializer));
        SseEvent first = defaultMapper ? defaultEvent(raw, record) : SseEvent.empty();
        if (mappers == null) {
            into.addOfRecord(first, reserved);
        } else {
            MappedEvents events = new MappedEvents(raw, into, reserved, failures);
            IllegalStateException refusal;
            try {
                mappers.map(record, first, events);
            } finally {
                refusal = events.end();
            }
            if (refusal != null) {
                throw refusal;
            }
        }
    }

    private SseEvent defaultEvent(ConsumerRecord<byte[], byte[]> raw, LazyRecord record) {
        byte[] key = keyDeserializer == null ? raw.key() : RecordText.utf8(record.key());
        byte[] value = valueDeserializer == null ? raw.value() : RecordText.utf8(record.value());
        return SseEvent.ofUtf8(key, value);
    }

    private static Deserializer<?> orString(Deserializer<?> deserializer) {
        return deserializer != null ? deserializer : UTF_8_STRINGS;
    }

    @Override
    public void close() {
        // Either may be missing. That of the key is closed first.
        try (valueDeserializer;
                keyDeserializer) {}
    }
}
