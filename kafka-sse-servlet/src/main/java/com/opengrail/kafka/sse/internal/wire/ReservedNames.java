package com.opengrail.kafka.sse.internal.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The event names that are reserved for the stream. An event of a record that has such a name gets an underscore in
 * front. Otherwise {@code open} and {@code error} would reach the listeners that pages have for the connection, and the
 * other names would look like a gap, a position or the rest of an event.
 *
 * <p>Threads: immutable.
 */
public final class ReservedNames {
    /** The name of an event that was cut off, for a browser that would show half of it. */
    public static final String CUT_EVENT = "stream-cut";

    private static final byte UNDERSCORE = '_';

    /** As UTF-8. */
    private final Set<ByteBuffer> names;

    /** The reserved names of a stream whose position blocks have this event name, if any. */
    public ReservedNames(Optional<String> positionEvent) {
        names = Stream.concat(Stream.of("open", "error", "stream-gap", CUT_EVENT), positionEvent.stream())
                .map(name -> ByteBuffer.wrap(name.getBytes(UTF_8)))
                .collect(Collectors.toUnmodifiableSet());
    }

    public boolean contains(String name) {
        return contains(name.getBytes(UTF_8));
    }

    /** The name as it is sent: well-formed, without line ends, and not reserved; {@code null} for none. */
    byte[] asSent(byte[] nameUtf8) {
        if (nameUtf8 == null) {
            return null;
        }
        byte[] name = Utf8.name(nameUtf8);
        while (contains(name)) {
            byte[] longer = new byte[name.length + 1];
            longer[0] = UNDERSCORE;
            System.arraycopy(name, 0, longer, 1, name.length);
            name = longer;
        }
        return name;
    }

    private boolean contains(byte[] nameUtf8) {
        return names.contains(ByteBuffer.wrap(nameUtf8));
    }
}
