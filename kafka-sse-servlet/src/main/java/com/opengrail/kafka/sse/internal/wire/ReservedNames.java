package com.opengrail.kafka.sse.internal.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The event names that belong to the stream itself. A record's event that is called so gets an underscore before its name:
 * {@code open} and {@code error} would reach listeners that pages have for the connection, the others would pass for a
 * gap or a position.
 *
 * <p>Immutable, so any thread may ask.
 */
public final class ReservedNames {
    private static final byte UNDERSCORE = '_';

    private final Set<String> names = new LinkedHashSet<>(Set.of("open", "error", "stream-gap"));
    private final byte[][] encoded;

    /**
     * The names of a stream.
     *
     * @param positionEvent the name of the position block's event; empty: it has none
     */
    public ReservedNames(Optional<String> positionEvent) {
        positionEvent.ifPresent(names::add);
        encoded = names.stream().map(name -> name.getBytes(UTF_8)).toArray(byte[][]::new);
    }

    /** Whether a name belongs to the stream. */
    public boolean contains(String name) {
        return names.contains(name);
    }

    /**
     * The name as it is sent: well-formed, without line ends, and none of the stream's own.
     *
     * @param nameUtf8 the name that a record's event has, or {@code null} for none
     */
    byte[] asSent(byte[] nameUtf8) {
        if (nameUtf8 == null) {
            return null;
        }
        byte[] name = Utf8.oneLine(Utf8.wellFormed(nameUtf8, 0));
        while (isReserved(name)) {
            byte[] longer = new byte[name.length + 1];
            longer[0] = UNDERSCORE;
            System.arraycopy(name, 0, longer, 1, name.length);
            name = longer;
        }
        return name;
    }

    private boolean isReserved(byte[] name) {
        for (byte[] reserved : encoded) {
            if (Arrays.equals(reserved, name)) {
                return true;
            }
        }
        return false;
    }
}
