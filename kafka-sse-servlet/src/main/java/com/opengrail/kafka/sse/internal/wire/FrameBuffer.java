package com.opengrail.kafka.sse.internal.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * A growing buffer into which frames are encoded in the text/event-stream format (HTML standard 9.2.5): fields with one
 * space after the colon, LF line ends, an empty line after the last field.
 *
 * <p>No bytes of a record can end a field or forge another one. In data, each CR, LF and CRLF starts a new {@code data}
 * line. In an event name, CR, LF and NUL become a space. Malformed UTF-8 becomes U+FFFD.
 *
 * <p>Threads: not safe. Its owner may reuse it after {@link #clear()}, once the bytes have been copied.
 */
public final class FrameBuffer {
    private static final byte[] ID = ascii("id: ");
    private static final byte[] EVENT = ascii("event: ");
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] RETRY = ascii("retry: ");
    private static final byte[] NO_BYTES = {};
    private static final int INITIAL_BYTES = 1024;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;

    public void clear() {
        length = 0;
    }

    public int length() {
        return length;
    }

    /** The array behind the buffer, valid up to {@link #length()} and until the next change. */
    public byte[] array() {
        return bytes;
    }

    /** Writes the {@code id} line. The caller has made or checked the id: ASCII without line ends. */
    public FrameBuffer id(byte[] asciiId) {
        return append(ID).append(asciiId).append('\n');
    }

    /** Writes the {@code event} line, or nothing if the name is absent or empty: then the client's default applies. */
    public FrameBuffer event(byte[] nameUtf8) {
        if (nameUtf8 == null || nameUtf8.length == 0) {
            return this;
        }
        return append(EVENT).append(Utf8.name(nameUtf8)).append('\n');
    }

    /** Writes one {@code data} line for each line of the data, or an empty one if there is no data. */
    public FrameBuffer data(byte[] dataUtf8) {
        byte[] given = dataUtf8 == null ? NO_BYTES : dataUtf8;
        int plain = Utf8.plainPrefix(given);
        byte[] data = plain == given.length ? given : Utf8.wellFormed(given);
        ensure(DATA.length + data.length + 2);
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

    public FrameBuffer comment() {
        return append(':').append('\n');
    }

    /** Writes a comment line. The text comes from this library and has no line end. */
    public FrameBuffer comment(String text) {
        return append(ascii(": " + text)).append('\n');
    }

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
