package com.opengrail.kafka.sse.internal.window;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.wire.RecordFrames;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The names seen lately, so that a name is decoded and filtered once and not once per record.
 *
 * <p>Limits: bounded in memory. The name that was used longest ago is forgotten first. Long names are not kept, but
 * for those of the last record.
 *
 * <p>Threads: not safe; each reader of Kafka has its own.
 */
public final class EventNames {
    private static final long MOST_BYTES = 1 << 22;

    /** Of a name without its characters, which are kept as bytes and as text. */
    private static final int BYTES_OF_EACH = 250;

    /** Names that repeat are short; a long one is most likely different in each record. */
    private static final int LONGEST_KEPT = 512;

    private static final byte[] NO_BYTES = {};

    /** By the bytes of the name. */
    private final Map<ByteBuffer, EventName> names = new LinkedHashMap<>(256, 0.75f, true);

    private final EventFilter streamed;
    private long mostBytes = MOST_BYTES;
    private long bytes;

    public EventNames(EventFilter streamed) {
        this.streamed = streamed;
    }

    /** Changes the limit. From the next new name on it holds. */
    public void limit(long newMostBytes) {
        mostBytes = Math.min(MOST_BYTES, newMostBytes);
    }

    /** The memory of the names that are kept, in bytes. */
    public long footprint() {
        return bytes;
    }

    public EventName[] of(RecordFrames frames) {
        EventName[] ofRecord = new EventName[frames.count()];
        for (int i = 0; i < ofRecord.length; i++) {
            ofRecord[i] = of(frames.name(i));
        }
        return ofRecord;
    }

    /** The name, or {@link EventName#NONE} where events of that name are not streamed at all. */
    public EventName of(byte[] nameAsSent) {
        byte[] name = nameAsSent == null ? NO_BYTES : nameAsSent;
        if (name.length > LONGEST_KEPT) {
            return make(name);
        }
        ByteBuffer key = ByteBuffer.wrap(name);
        EventName known = names.get(key);
        if (known == null) {
            known = make(name);
            keep(key, known);
        }
        return known;
    }

    private EventName make(byte[] name) {
        EventName made = EventName.of(name);
        return streamed.matches(made.text()) ? made : EventName.NONE;
    }

    private void keep(ByteBuffer key, EventName name) {
        names.put(key, name);
        bytes += footprint(key);
        Iterator<ByteBuffer> eldest = names.keySet().iterator();
        while (bytes > mostBytes) {
            bytes -= footprint(eldest.next());
            eldest.remove();
        }
    }

    private static int footprint(ByteBuffer key) {
        return BYTES_OF_EACH + 2 * key.remaining();
    }
}
