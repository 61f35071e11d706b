package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The names lately seen, so that a name is decoded and held against the filters once and not once per record.
 *
 * <p>Threads: not safe; a reader of Kafka has its own. Limits: the names used longest ago are forgotten, keys may all be different.
 */
public final class EventNames {
    private static final int REMEMBERED = 8192;

    private final Map<Utf8Key, EventName> names = new LinkedHashMap<>(256, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Utf8Key, EventName> eldest) {
            return size() > REMEMBERED;
        }
    };

    private final EventFilter streamed;

    public EventNames(EventFilter streamed) {
        this.streamed = streamed;
    }

    /** The name, or {@link EventName#NONE} where events of that name are not streamed at all. */
    EventName of(byte[] nameUtf8) {
        Utf8Key key = new Utf8Key(nameUtf8 == null ? new byte[0] : nameUtf8);
        EventName known = names.get(key);
        if (known == null) {
            EventName made = EventName.of(nameUtf8);
            known = streamed.matches(made.text) ? made : EventName.NONE;
            names.put(key, known);
        }
        return known;
    }

    private record Utf8Key(byte[] bytes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Utf8Key that && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }
}
