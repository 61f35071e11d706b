package com.opengrail.kafka.sse.internal.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The name of the events of some frames, and which filter views it passes.
 *
 * <p>Threads: the text is immutable; the views are the tail's alone.
 */
final class EventName {
    /** The name of the frame that stands for a record of which no event was made: no filter passes it. */
    static final EventName NONE = new EventName(null);

    /** The name of a gap: no filter drops it. */
    static final EventName GAP = new EventName("stream-gap");

    /** What a client calls an event without a name (HTML standard 9.2.6), and a filter too. */
    private static final String DEFAULT = "message";

    /** That of a name which has not been held against any view. */
    static final long NO_VERSION = -1;

    final String text;

    /** Written and read by the tail's {@link ViewIndex}: the views that this name passes, as of a version of them. */
    View[] views = {};

    long viewsVersion = NO_VERSION;

    private EventName(String text) {
        this.text = text;
    }

    static EventName of(byte[] nameUtf8) {
        if (nameUtf8 == null || nameUtf8.length == 0) {
            return new EventName(DEFAULT);
        }
        String asSent = new String(nameUtf8, UTF_8)
                .replace('\r', ' ')
                .replace('\n', ' ')
                .replace('\0', ' ');
        return new EventName(asSent);
    }

    @Override
    public String toString() {
        return String.valueOf(text);
    }
}
