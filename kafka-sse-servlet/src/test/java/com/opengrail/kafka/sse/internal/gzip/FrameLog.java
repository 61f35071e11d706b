package com.opengrail.kafka.sse.internal.gzip;

import java.util.ArrayList;
import java.util.List;

/**
 * Segments of frames for tests, with two groups of clients: one takes all frames, the other those that are marked. Nothing
 * is appended to a segment once there is a newer one.
 *
 * <p>Threads: one appends; any thread reads what {@link #frames} covers.
 */
final class FrameLog {
    static final int SEGMENT_BYTES = 64 * 1024;

    private final Compressors compressors;
    private final List<Segment> segments = new ArrayList<>();
    final CompressedGroup all;
    final CompressedGroup marked;

    FrameLog(Compressors compressors) {
        this.compressors = compressors;
        all = CompressedGroup.ofClients(compressors, new ByteBudget(Long.MAX_VALUE));
        marked = CompressedGroup.ofClients(compressors, new ByteBudget(Long.MAX_VALUE));
        segments.add(new Segment(0, all, marked));
    }

    Compressors compressors() {
        return compressors;
    }

    /** Appends a frame, in a new segment if it is to be or has to be. */
    synchronized void append(byte[] frame, boolean isMarked, boolean inNewSegment) {
        Segment newest = segments.get(segments.size() - 1);
        if (inNewSegment || newest.start(newest.count) + frame.length > SEGMENT_BYTES) {
            newest = new Segment(newest.number + 1, all, marked);
            segments.add(newest);
        }
        newest.append(frame, isMarked);
    }

    synchronized Segment segment(int number) {
        return segments.get(number);
    }

    synchronized int newest() {
        return segments.size() - 1;
    }

    /** How many frames of a segment are published. */
    synchronized int frames(int number) {
        return segments.get(number).count;
    }

    /** As the window has them: bytes, and where each frame ends. */
    static final class Segment {
        final int number;
        final byte[] bytes = new byte[SEGMENT_BYTES];
        final CompressedRun runOfAll;
        final CompressedRun runOfMarked;
        private final int[] ends = new int[SEGMENT_BYTES + 1];
        private final boolean[] marks = new boolean[SEGMENT_BYTES];
        private int count;

        Segment(int number, CompressedGroup all, CompressedGroup marked) {
            this.number = number;
            // Numbers that overflow on the way.
            runOfAll = all.newRun(Integer.MAX_VALUE - 2L + number, Integer.MAX_VALUE);
            runOfMarked = marked.newRun(Integer.MAX_VALUE - 2L + number, Integer.MAX_VALUE);
        }

        int start(int frame) {
            return ends[frame];
        }

        int end(int frame) {
            return ends[frame + 1];
        }

        boolean isMarked(int frame) {
            return marks[frame];
        }

        private void append(byte[] frame, boolean isMarked) {
            System.arraycopy(frame, 0, bytes, ends[count], frame.length);
            ends[count + 1] = ends[count] + frame.length;
            marks[count] = isMarked;
            count++;
        }
    }
}
