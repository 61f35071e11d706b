package com.opengrail.kafka.sse.internal.mapper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;

/** Keys and values as text: bytes are read as UTF-8, everything else by its {@code toString()}. */
public final class RecordText {
    private RecordText() {}

    /** The text in UTF-8, or {@code null} for {@code null}. Bytes are returned as they are. */
    public static byte[] utf8(Object deserialized) {
        if (deserialized == null || deserialized instanceof byte[]) {
            return (byte[]) deserialized;
        }
        if (deserialized instanceof Bytes bytes) {
            return bytes.get();
        }
        if (deserialized instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        return deserialized.toString().getBytes(UTF_8);
    }

    /** The text, or {@code null} for {@code null}. Malformed UTF-8 becomes U+FFFD. */
    static String of(Object deserialized) {
        if (deserialized instanceof String text) {
            return text;
        }
        byte[] utf8 = utf8(deserialized);
        return utf8 == null ? null : new String(utf8, UTF_8);
    }
}
