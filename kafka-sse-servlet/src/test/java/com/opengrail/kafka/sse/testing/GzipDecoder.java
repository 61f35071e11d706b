package com.opengrail.kafka.sse.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;

/**
 * A strict client: decodes write by write, and holds each byte against RFC 1952. It shares no code with what it decodes.
 *
 * <p>Threads: not safe.
 */
public final class GzipDecoder implements AutoCloseable {
    private static final byte[] HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, (byte) 0xFF};
    private static final int TRAILER_BYTES = 8;

    private final Inflater inflater = new Inflater(true);
    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    private final ByteArrayOutputStream plain = new ByteArrayOutputStream();

    /** Decodes a write; gives what can be decoded now and could not before. */
    public byte[] decode(byte[] bytes, int start, int length) {
        int header = Math.max(0, Math.min(length, HEADER.length - wire.size()));
        int at = Math.min(HEADER.length, wire.size());
        assertArrayEquals(
                Arrays.copyOfRange(HEADER, at, at + header), Arrays.copyOfRange(bytes, start, start + header));
        wire.write(bytes, start, length);
        ByteArrayOutputStream more = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        inflater.setInput(bytes, start + header, length - header);
        try {
            int decoded = inflater.inflate(buffer);
            while (decoded > 0) {
                more.write(buffer, 0, decoded);
                decoded = inflater.inflate(buffer);
            }
        } catch (DataFormatException e) {
            throw new AssertionError("not a deflate stream", e);
        }
        assertTrue(inflater.finished() || inflater.needsInput(), "a dictionary is needed");
        assertTrue(!isEnded() || trailerBytes() <= TRAILER_BYTES, "bytes after the trailer");
        plain.writeBytes(more.toByteArray());
        return more.toByteArray();
    }

    /** The stream has ended: checks its trailer, and that another decoder reads the same from the whole. */
    public void assertEnded() {
        assertTrue(inflater.finished(), "no last block");
        assertEquals(TRAILER_BYTES, trailerBytes());
        CRC32 crc = new CRC32();
        crc.update(plain.toByteArray());
        ByteBuffer trailer = ByteBuffer.wrap(wire.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        trailer.position(trailer.limit() - TRAILER_BYTES);
        assertEquals((int) crc.getValue(), trailer.getInt());
        assertEquals(plain.size(), trailer.getInt());
        try (GZIPInputStream whole = new GZIPInputStream(new ByteArrayInputStream(wire.toByteArray()))) {
            assertArrayEquals(plain.toByteArray(), whole.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long trailerBytes() {
        return wire.size() - HEADER.length - inflater.getBytesRead();
    }

    public boolean isEnded() {
        return inflater.finished();
    }

    public int wireBytes() {
        return wire.size();
    }

    @Override
    public void close() {
        inflater.end();
    }
}
