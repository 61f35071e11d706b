package com.opengrail.kafka.sse.internal.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.opengrail.kafka.sse.SseEvent;
import java.util.Arrays;

/** Decodes an event from the body of its frame, which {@link RecordFrames} has encoded. */
public final class EncodedEvent {
    private static final byte[] EVENT = "event: ".getBytes(ISO_8859_1);
    private static final int DATA_PREFIX = "data: ".length();

    private EncodedEvent() {}

    /** The event of a body that lies in a part of an array. Its data is never {@code null}. */
    public static SseEvent decode(byte[] bytes, int from, int to) {
        int at = from;
        byte[] name = null;
        if (to - from > EVENT.length && Arrays.equals(bytes, from, from + EVENT.length, EVENT, 0, EVENT.length)) {
            int end = Utf8.lineEnd(bytes, from);
            name = Arrays.copyOfRange(bytes, from + EVENT.length, end);
            at = end + 1;
        }
        byte[] data = new byte[to - at];
        int length = 0;
        while (bytes[at] != '\n') {
            int end = Utf8.lineEnd(bytes, at);
            int line = end - at - DATA_PREFIX;
            System.arraycopy(bytes, at + DATA_PREFIX, data, length, line);
            length += line;
            data[length++] = '\n';
            at = end + 1;
        }
        return SseEvent.ofUtf8(name, Arrays.copyOf(data, length - 1));
    }
}
