package com.opengrail.kafka.sse.internal.gzip;

/**
 * A range of a run's plain bytes as whole deflate blocks, made once and written to every client that can decode it.
 *
 * @param from the index in the segment where its plain bytes begin
 * @param to the index where they end
 * @param history how many of the group's bytes before it a client must have decoded without interruption
 * @param wire the blocks, ended on a byte boundary; nobody changes them
 * @param crc of the plain bytes
 * @param crcOperator of their number
 */
record Piece(int from, int to, int history, byte[] wire, int crc, int crcOperator) {
    /** This object, its array's header, its reference in the run; with what the JVM rounds up. */
    private static final int OVERHEAD_BYTES = 40 + 24 + 8;

    int footprint() {
        return OVERHEAD_BYTES + wire.length;
    }
}
