package com.opengrail.kafka.sse.internal.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * A growing buffer into which frames are encoded in the text/event-stream format (HTML standard 9.2.5): fields with one
 * space after the colon, LF line ends, an empty line after the last field.
 *
 * <p>Whatever bytes a record holds, they cannot end a field or forge another: in data each CR, LF and CRLF starts a new
 * {@code data} line, in an event name CR, LF and NUL become a space, and bytes that are no UTF-8 become U+FFFD.
 *
 * <p>Threads: not safe; one owner, who may reuse it after {@link #clear()} once the bytes are copied out.
 */
public final class FrameBuffer {
    private static final byte[] ID = ascii("id: ");
    private static final byte[] EVENT = ascii("event: ");
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] RETRY = ascii("retry: ");
    private static final byte[] NO_BYTES = {};
    private static final int INITIAL_BYTES = 1024;

    private byte[] bytes;
    private int length;

    public FrameBuffer() {
        this(INITIAL_BYTES);
    }

    /** A buffer that holds so many bytes before it grows. */
    public FrameBuffer(int initialBytes) {
        bytes = new byte[initialBytes];
    }

    /** Takes back the bytes written so far. */
    public void clear() {
        length = 0;
    }

    public int length() {
        return length;
    }

    /** The array behind the buffer: valid to {@link #length()} and until the next change. */
    public byte[] array() {
        return bytes;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Writes the {@code id} line; an event id is ASCII without line ends, made by ourselves. */
    public FrameBuffer id(byte[] asciiId) {
        return append(ID).append(asciiId).append('\n');
    }

    /** Writes the {@code event} line, or none where the name is absent or empty: the client's default then applies. */
    public FrameBuffer event(byte[] nameUtf8) {
        if (nameUtf8 == null || nameUtf8.length == 0) {
            return this;
        }
        return append(EVENT).append(Utf8.oneLine(Utf8.wellFormed(nameUtf8, 0))).append('\n');
    }

    /** Writes one {@code data} line for each line of the data, and an empty one where there is no data. */
    public FrameBuffer data(byte[] dataUtf8) {
        byte[] given = dataUtf8 == null ? NO_BYTES : dataUtf8;
        int plain = Utf8.plainPrefix(given);
        byte[] data = plain == given.length ? given : Utf8.wellFormed(given, plain);
        int from = 0;
        int end = Utf8.lineEnd(data, plain);
        while (true) {
            append(DATA).append(data, from, end - from).append('\n');
            if (end == data.length) {
                return this;
            }
            boolean crlf = data[end] == '\r' && end + 1 < data.length && data[end + 1] == '\n';
            from = end + (crlf ? 2 : 1);
            end = Utf8.lineEnd(data, from);
        }
    }

    /** Writes the {@code retry} line: the reconnection time in milliseconds. */
    public FrameBuffer retry(long millis) {
        return append(RETRY).append(ascii(Long.toString(millis))).append('\n');
    }

    /** Writes a bare comment line. */
    public FrameBuffer comment() {
        return append(':').append('\n');
    }

    /** Writes a comment line with a text of ours, which holds no line end. */
    public FrameBuffer comment(String text) {
        return append(ascii(": " + text)).append('\n');
    }

    /** Ends the block. */
    public FrameBuffer end() {
        return append('\n');
    }

    public FrameBuffer append(byte[] source, int from, int count) {
        ensure(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        return this;
    }

    private FrameBuffer append(byte[] source) {
        return append(source, 0, source.length);
    }

    private FrameBuffer append(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
        return this;
    }

    private void ensure(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, bytes.length * 2L)));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(ISO_8859_1);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, UTF_8);
    }
}
