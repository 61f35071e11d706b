package com.opengrail.kafka.sse.internal.window;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The name of the events of some frames.
 *
 * <p>Threads: immutable but for what one thread notes of it, the reader of Kafka that has made it.
 */
public final class EventName {
    private static final AtomicLong NUMBERS = new AtomicLong();

    /** The name of the frame of a record without events. No filter passes it. */
    public static final EventName NONE = new EventName(null);

    /** What a client calls an event without a name (HTML standard 9.2.6), and a filter too. */
    private static final String DEFAULT = "message";

    /**
     * To compare a name of this length with the largest expression that a client may send takes about a millisecond. For
     * longer ones it would take too long where others wait.
     */
    private static final int LONG = 1024;

    /** Characters up to this one take a byte. */
    private static final int LATIN = 0xff;

    /** Of a name without its characters. */
    private static final int OBJECT_BYTES = 72;

    private final String text;
    private final long number = NUMBERS.getAndIncrement();

    /** The reader's. */
    private boolean counted;

    /** The filter index's. */
    private Object attachment;

    private EventName(String text) {
        this.text = text;
    }

    static EventName of(byte[] nameAsSent) {
        return new EventName(nameAsSent.length == 0 ? DEFAULT : new String(nameAsSent, UTF_8));
    }

    public String text() {
        return text;
    }

    /** True if comparing it with the expression of a client may take long. */
    public boolean isLong() {
        return text.length() > LONG;
    }

    /** A number that no other object of this class has: it stands for the name where the text must not be kept. */
    public long number() {
        return number;
    }

    /** The memory of the name, in bytes, for the first segment that holds it; 0 for all others. */
    int footprintOnce() {
        if (counted || this == NONE) {
            return 0;
        }
        counted = true;
        boolean isLatin = text.chars().allMatch(c -> c <= LATIN);
        return OBJECT_BYTES + (isLatin ? 1 : Character.BYTES) * text.length();
    }

    public Object attachment() {
        return attachment;
    }

    public void attach(Object found) {
        attachment = found;
    }

    @Override
    public String toString() {
        return String.valueOf(text);
    }
}
