package com.opengrail.kafka.sse.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/**
 * Frames of the records of one poll as one HTTP chunk: what the library would send, with ids as long as its own.
 *
 * <p>Threads: {@link Encoder} belongs to one thread; a batch may be read by any, which see the next one as soon as it is linked.
 */
final class WireBatch {
    /** Never changes; each writer has a duplicate. */
    final ByteBuffer bytes;

    volatile WireBatch next;

    WireBatch(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** Makes chunks, in slabs of direct memory, so that no write has to copy them first. */
    static final class Encoder {
        private static final int SLAB_BYTES = 1 << 20;
        private static final int CHUNK_OVERHEAD = 16;
        private static final int ID_DIGITS = 24;
        private static final byte[] ID = "id: ".getBytes(US_ASCII);
        private static final byte[] EVENT = "\nevent: ".getBytes(US_ASCII);
        private static final byte[] DATA = "\ndata: ".getBytes(US_ASCII);
        private static final byte[] END = "\n\n".getBytes(US_ASCII);
        private static final byte[] CRLF = "\r\n".getBytes(US_ASCII);

        private final byte[] id = new byte[ID_DIGITS];
        private byte[] frames = new byte[SLAB_BYTES];
        private int length;
        private ByteBuffer slab = ByteBuffer.allocateDirect(SLAB_BYTES);

        ByteBuffer encode(ConsumerRecords<byte[], byte[]> records) {
            append(records);
            return chunk();
        }

        /** The frames in an array of their own, for who has a container that makes chunks. */
        ByteBuffer encodeBare(ConsumerRecords<byte[], byte[]> records) {
            append(records);
            return ByteBuffer.wrap(Arrays.copyOf(frames, length));
        }

        private void append(ConsumerRecords<byte[], byte[]> records) {
            length = 0;
            for (ConsumerRecord<byte[], byte[]> record : records) {
                encodeId(record.offset());
                append(ID);
                append(id);
                append(EVENT);
                append(record.key());
                append(DATA);
                append(record.value());
                append(END);
            }
        }

        private ByteBuffer chunk() {
            int needed = length + CHUNK_OVERHEAD;
            if (slab.remaining() < needed) {
                slab = ByteBuffer.allocateDirect(Math.max(SLAB_BYTES, needed));
            }
            int start = slab.position();
            slab.put(Integer.toHexString(length).getBytes(US_ASCII)).put(CRLF);
            slab.put(frames, 0, length).put(CRLF);
            return slab.slice(start, slab.position() - start);
        }

        private void encodeId(long offset) {
            long rest = offset;
            for (int i = ID_DIGITS - 1; i >= 0; i--) {
                id[i] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
        }

        private void append(byte[] source) {
            if (length + source.length > frames.length) {
                frames = Arrays.copyOf(frames, Math.max(frames.length * 2, length + source.length));
            }
            System.arraycopy(source, 0, frames, length, source.length);
            length += source.length;
        }
    }
}
