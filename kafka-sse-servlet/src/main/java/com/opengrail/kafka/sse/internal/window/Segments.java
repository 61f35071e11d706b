package com.opengrail.kafka.sse.internal.window;

/** The size of segments: large enough for one write of many frames, small enough to be kept for a client that stalls. */
final class Segments {
    /** The size in bytes. A record that is larger has a segment of its own. */
    static final int BYTES = 64 * 1024;

    static final int FRAMES = 4096;

    private Segments() {}
}
