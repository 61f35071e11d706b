package com.opengrail.kafka.sse.internal.window;

import java.util.Arrays;
import java.util.Set;

/**
 * The frames of a complete segment by the names of their events, for clients that want few of many.
 *
 * <p>Threads: immutable.
 */
public final class NamedFrames {
    static final int BYTES_PER_FRAME = Long.BYTES;

    private final Segment segment;

    /** The hash code of the name, then the frame, in order. */
    private final long[] byName;

    NamedFrames(Segment segment) {
        this.segment = segment;
        long[] keys = new long[segment.count()];
        int named = 0;
        for (int frame = 0; frame < segment.count(); frame++) {
            EventName name = segment.name(frame);
            if (name != EventName.NONE) {
                keys[named++] = key(name.text(), frame);
            }
        }
        this.byName = Arrays.copyOf(keys, named);
        Arrays.sort(byName);
    }

    private static long key(String name, int frame) {
        return (long) name.hashCode() << Integer.SIZE | frame;
    }

    /** The first frame from one on whose event has one of these names, or the number of frames if there is none. */
    public int next(Set<String> names, int from) {
        int first = segment.count();
        for (String name : names) {
            first = Math.min(first, next(name, from));
        }
        return first;
    }

    private int next(String name, int from) {
        int found = Arrays.binarySearch(byName, key(name, from));
        int i = found < 0 ? -found - 1 : found;
        while (i < byName.length && (int) (byName[i] >> Integer.SIZE) == name.hashCode()) {
            int frame = (int) byName[i];
            if (segment.name(frame).text().equals(name)) {
                return frame;
            }
            i++;
        }
        return segment.count();
    }
}
