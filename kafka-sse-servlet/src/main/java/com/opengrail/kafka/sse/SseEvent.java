package com.opengrail.kafka.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One event of a stream before it is encoded: a name and its data.
 *
 * <p>An event without a name reaches a browser's {@code onmessage}; one with a name reaches the listeners for that name
 * (HTML standard 9.2.6). Data may hold any text: each of its lines becomes a {@code data} field. When a name is
 * encoded, CR, LF and NUL are replaced by a space. The id is not part of the event: it is the position in Kafka and
 * belongs to the stream.
 *
 * <p>Name and data are kept as given, as text or as UTF-8. They are converted only when the other form is asked for. So
 * bytes that no mapper reads pass from Kafka to the client without being decoded. Malformed UTF-8 is replaced by
 * U+FFFD, as {@link String#String(byte[], java.nio.charset.Charset)} does.
 *
 * <pre>{@code
 * SseEvent shipped = SseEvent.of("order", "{\"id\":17}").withName("shipped");
 * }</pre>
 *
 * <p>Threads: immutable from the outside, safe to share.
 */
public final class SseEvent {
    private static final SseEvent EMPTY = new SseEvent(null, null, null, null);

    private final byte @Nullable [] nameUtf8;
    private final byte @Nullable [] dataUtf8;
    private @Nullable String name;
    private @Nullable String data;

    private SseEvent(
            @Nullable String name, byte @Nullable [] nameUtf8, @Nullable String data, byte @Nullable [] dataUtf8) {
        this.name = name;
        this.nameUtf8 = nameUtf8;
        this.data = data;
        this.dataUtf8 = dataUtf8;
    }

    /** {@return an event without name and without data; its data is encoded as one empty {@code data} line} */
    public static SseEvent empty() {
        return EMPTY;
    }

    /**
     * {@return an event from text}
     *
     * @param name the event's name, or {@code null} for none
     * @param data the event's data, or {@code null} for none
     */
    public static SseEvent of(@Nullable String name, @Nullable String data) {
        return new SseEvent(name, null, data, null);
    }

    /**
     * {@return an event from UTF-8} The arrays are not copied and must not be changed afterwards.
     *
     * @param name the event's name, or {@code null} for none
     * @param data the event's data, or {@code null} for none
     */
    public static SseEvent ofUtf8(byte @Nullable [] name, byte @Nullable [] data) {
        return new SseEvent(null, name, null, data);
    }

    /** {@return the name as text, or {@code null} if the event has none} */
    public @Nullable String name() {
        if (name == null && nameUtf8 != null) {
            name = new String(nameUtf8, UTF_8);
        }
        return name;
    }

    /** {@return the data as text, or {@code null} if the event has none} */
    public @Nullable String data() {
        if (data == null && dataUtf8 != null) {
            data = new String(dataUtf8, UTF_8);
        }
        return data;
    }

    /** {@return the name as UTF-8, or {@code null} if the event has none; not to be changed} */
    public byte @Nullable [] nameUtf8() {
        return nameUtf8 != null || name == null ? nameUtf8 : name.getBytes(UTF_8);
    }

    /** {@return the data as UTF-8, or {@code null} if the event has none; not to be changed} */
    public byte @Nullable [] dataUtf8() {
        return dataUtf8 != null || data == null ? dataUtf8 : data.getBytes(UTF_8);
    }

    /**
     * {@return an event with this event's data under another name}
     *
     * @param newName the name, or {@code null} for none
     */
    public SseEvent withName(@Nullable String newName) {
        return new SseEvent(newName, null, data, dataUtf8);
    }

    /**
     * {@return an event with this event's name and other data}
     *
     * @param newData the data, or {@code null} for none
     */
    public SseEvent withData(@Nullable String newData) {
        return new SseEvent(name, nameUtf8, newData, null);
    }

    /** Two events are equal if their names and their data are the same text. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SseEvent event
                && Objects.equals(name(), event.name())
                && Objects.equals(data(), event.data());
    }

    @Override
    public int hashCode() {
        return Objects.hash(name(), data());
    }

    @Override
    public String toString() {
        return "SseEvent[name=" + name() + ", data=" + data() + "]";
    }
}
