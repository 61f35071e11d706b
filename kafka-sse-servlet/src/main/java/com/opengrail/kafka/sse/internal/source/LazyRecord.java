package com.opengrail.kafka.sse.internal.source;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * A record whose key and value are deserialized when a mapper asks for them, once.
 *
 * <p>Threads: not safe; lives for one run of the mappers.
 */
final class LazyRecord extends ConsumerRecord<Object, Object> {
    private final ConsumerRecord<byte[], byte[]> raw;
    private final Deserializer<?> keyDeserializer;
    private final Deserializer<?> valueDeserializer;
    private final Thread mapping = Thread.currentThread();
    private boolean keyDone;
    private boolean valueDone;
    private Object key;
    private Object value;

    LazyRecord(ConsumerRecord<byte[], byte[]> raw, Deserializer<?> keyDeserializer, Deserializer<?> valueDeserializer) {
        super(
                raw.topic(),
                raw.partition(),
                raw.offset(),
                raw.timestamp(),
                raw.timestampType(),
                raw.serializedKeySize(),
                raw.serializedValueSize(),
                null,
                null,
                raw.headers(),
                raw.leaderEpoch());
        this.raw = raw;
        this.keyDeserializer = keyDeserializer;
        this.valueDeserializer = valueDeserializer;
    }

    @Override
    public Object key() {
        if (!keyDone) {
            key = raw.key() == null ? null : deserialize(keyDeserializer, raw.key());
            keyDone = true;
        }
        return key;
    }

    @Override
    public Object value() {
        if (!valueDone) {
            value = raw.value() == null ? null : deserialize(valueDeserializer, raw.value());
            valueDone = true;
        }
        return value;
    }

    /** Deserializers serve one thread. It may be at a record of another topic when another thread asks. */
    private Object deserialize(Deserializer<?> deserializer, byte[] bytes) {
        if (Thread.currentThread() != mapping) {
            throw new IllegalStateException("A mapper read a record in another thread than the one that called it");
        }
        return deserializer.deserialize(topic(), headers(), bytes);
    }

    @Override
    public String toString() {
        return raw.topic() + "-" + raw.partition() + "@" + raw.offset();
    }
}
