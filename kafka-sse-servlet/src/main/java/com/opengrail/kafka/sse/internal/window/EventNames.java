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
 * <p>Limits: bounded in number and bytes. The name that was used longest ago is forgotten first. Long names are not kept, but
 * for those of the last record.
 *
 * <p>Threads: not safe; each reader of Kafka has its own.
 */
public final class EventNames {
    private static final int MOST_NAMES = 8192;
    private static final int MOST_BYTES = 1 << 20;

    /** Names that repeat are short; a long one is most likely different in each record. */
    private static final int LONGEST_KEPT = 512;

    private static final byte[] NO_BYTES = {};

    /** By the bytes of the name. */
    private final Map<ByteBuffer, EventName> names = new LinkedHashMap<>(256, 0.75f, true);

    private final EventFilter streamed;
    private int bytes;

    public EventNames(EventFilter streamed) {
        this.streamed = streamed;
    }

    /** The names of a record's events. */
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
        bytes += key.remaining();
        Iterator<ByteBuffer> eldest = names.keySet().iterator();
        while (names.size() > MOST_NAMES || bytes > MOST_BYTES) {
            bytes -= eldest.next().remaining();
            eldest.remove();
        }
    }
}
