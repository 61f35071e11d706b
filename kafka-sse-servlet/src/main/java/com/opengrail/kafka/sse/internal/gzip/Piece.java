package com.opengrail.kafka.sse.internal.gzip;

/**
 * A range of a run's plain bytes as whole deflate blocks. It is made once and written to every client that can decode
 * it.
 *
 * @param from the index in the segment where its plain bytes begin
 * @param to the index where they end
 * @param history how many of the group's bytes before it a client must have decoded without interruption
 * @param wire the array with the blocks, which end on a byte boundary; nobody changes them
 * @param wireFrom the index where they begin
 * @param wireLength their number
 */
record Piece(int from, int to, int history, byte[] wire, int wireFrom, int wireLength) {
    /** This object and its reference in the run. */
    static final int FOOTPRINT_BYTES = 40 + 8;
}
