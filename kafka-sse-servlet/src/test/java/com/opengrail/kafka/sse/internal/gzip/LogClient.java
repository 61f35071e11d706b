package com.opengrail.kafka.sse.internal.gzip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.opengrail.kafka.sse.testing.GzipDecoder;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** A client that follows a {@link FrameLog} as a cursor does, and checks that it can decode each write at once. */
final class LogClient implements AutoCloseable {
    private final FrameLog log;
    private boolean takesAll;
    private final GzipStream stream = new GzipStream();
    private final GzipDecoder decoder = new GzipDecoder();
    private final WireBytes out = new WireBytes();
    private final ByteArrayOutputStream expected = new ByteArrayOutputStream();
    private int segment;
    private int frame;

    /** The frame after those that it has taken. It may have skipped some since then. */
    private int segmentAfterTaken;

    private int frameAfterTaken;
    private int plainBytes;

    /** A client that starts at the end of what is published. */
    LogClient(FrameLog log, boolean takesAll) {
        this.log = log;
        this.takesAll = takesAll;
        segment = log.newest();
        frame = log.frames(segment);
        taken();
    }

    /** A client that resumes at a frame. */
    LogClient(FrameLog log, boolean takesAll, int segment, int frame) {
        this.log = log;
        this.takesAll = takesAll;
        this.segment = segment;
        this.frame = frame;
        taken();
    }

    private void taken() {
        segmentAfterTaken = segment;
        frameAfterTaken = frame;
    }

    /** Writes the frames that follow and lie contiguous, up to a number of bytes; false if there is nothing to be written. */
    boolean step(int maxBytes) {
        if (!skipToNext()) {
            return false;
        }
        FrameLog.Segment in = log.segment(segment);
        int published = log.frames(segment);
        int first = frame;
        do {
            frame++;
        } while (frame < published && isMine(in, frame) && in.end(frame) - in.start(first) <= maxBytes);
        taken();
        int from = in.start(first);
        int to = in.end(frame - 1);
        stream.take(takesAll ? in.runOfAll : in.runOfMarked, in.bytes, from, to, out);
        write(Arrays.copyOfRange(in.bytes, from, to));
        return true;
    }

    private boolean skipToNext() {
        while (true) {
            int newest = log.newest();
            FrameLog.Segment in = log.segment(segment);
            int published = log.frames(segment);
            while (frame < published && !isMine(in, frame)) {
                frame++;
            }
            if (frame < published) {
                return true;
            }
            if (segment == newest) {
                return false;
            }
            segment++;
            frame = 0;
        }
    }

    private boolean isMine(FrameLog.Segment in, int index) {
        return takesAll || in.isMarked(index);
    }

    void takePrivate(byte[] bytes) {
        stream.takePrivate(bytes, 0, bytes.length, out);
        write(bytes);
    }

    /** Goes on with the frames of the other group. Of these it leaves none out, whatever it has skipped as not its own. */
    void changeGroup() {
        takesAll = !takesAll;
        segment = segmentAfterTaken;
        frame = frameAfterTaken;
    }

    /** Several things in one write. */
    void takePrivateAndStep(byte[] bytes, int maxBytes) {
        stream.takePrivate(bytes, 0, bytes.length, out);
        expected.writeBytes(bytes);
        if (!step(maxBytes)) {
            write(new byte[0]);
        }
    }

    void end(byte[] last) {
        stream.end(last, 0, last.length, out);
        write(last);
        decoder.assertEnded();
        close();
    }

    private void write(byte[] plain) {
        expected.writeBytes(plain);
        assertArrayEquals(expected.toByteArray(), decoder.decode(out.bytes(), out.from(), out.length()));
        plainBytes += expected.size();
        expected.reset();
        out.clear();
    }

    int plainBytes() {
        return plainBytes;
    }

    int wireBytes() {
        return decoder.wireBytes();
    }

    @Override
    public void close() {
        decoder.close();
    }
}
