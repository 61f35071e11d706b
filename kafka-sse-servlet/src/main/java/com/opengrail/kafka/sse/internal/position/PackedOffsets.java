package com.opengrail.kafka.sse.internal.position;

/**
 * Offsets as a token holds them. A client may present some ten thousand, and they stay as long as its stream, so they are not
 * unpacked.
 *
 * <p>Immutable, as long as nobody changes the bytes.
 *
 * @param bytes the token
 * @param firstBit where the first offset begins
 * @param width the bits of each
 */
record PackedOffsets(byte[] bytes, long firstBit, int width) {

    long get(int index) {
        return TokenReader.get(bytes, firstBit + (long) index * width, width);
    }
}
