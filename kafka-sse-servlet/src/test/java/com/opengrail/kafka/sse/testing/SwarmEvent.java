package com.opengrail.kafka.sse.testing;

import java.nio.charset.StandardCharsets;

/**
 * One block of a stream as slices of the bytes it was read into; only valid during the call that hands it over.
 *
 * <p>Threads: reused by one selector thread for all its connections.
 */
public final class SwarmEvent {

    // All set by the scanner of one selector thread.
    private byte[] bytes;
    private int idFrom;
    private int idTo;
    private int nameFrom;
    private int nameTo;
    private int dataFrom;
    private int dataTo;
    private int dataLines;

    SwarmEvent() {}

    /** Reads the block {@code [from, to)}, whose lines all end with LF and whose fields have a space each. */
    void scan(byte[] block, int from, int to) {
        bytes = block;
        idFrom = idTo = nameFrom = nameTo = dataFrom = dataTo = dataLines = 0;
        int line = from;
        for (int at = from; at < to; at++) {
            if (block[at] == '\n') {
                field(line, at);
                line = at + 1;
            }
        }
    }

    private void field(int from, int to) {
        if (to - from < 3) {
            return;
        }
        if (bytes[from] == 'i' && bytes[from + 2] == ':') {
            idFrom = valueFrom(from + 3, to);
            idTo = to;
        } else if (bytes[from] == 'e' && bytes[from + 4] == 't') {
            nameFrom = valueFrom(from + 6, to);
            nameTo = to;
        } else if (bytes[from] == 'd') {
            if (dataLines++ == 0) {
                dataFrom = valueFrom(from + 5, to);
            }
            dataTo = to;
        }
    }

    private int valueFrom(int from, int to) {
        return from < to && bytes[from] == ' ' ? from + 1 : from;
    }

    /** Whether a page would get an event of this block at all. */
    boolean isEvent() {
        return dataLines > 0;
    }

    boolean isNamed(byte[] name) {
        int length = nameTo - nameFrom;
        if (length != name.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (bytes[nameFrom + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** The id, written over another one of the same length; that one where there is no id. */
    byte[] idOr(byte[] before) {
        int length = idTo - idFrom;
        if (length == 0) {
            return before;
        }
        byte[] id = before.length == length ? before : new byte[length];
        System.arraycopy(bytes, idFrom, id, 0, length);
        return id;
    }

    public String id() {
        return text(idFrom, idTo);
    }

    /** The event name; empty where the event has none. */
    public String name() {
        return text(nameFrom, nameTo);
    }

    public String data() {
        String text = text(dataFrom, dataTo);
        return dataLines > 1 ? text.replaceAll("\ndata: ?", "\n") : text;
    }

    /** The decimal number at the beginning of the data, without making text of it; -1 where there is none. */
    public long leadingNumber() {
        long number = -1;
        for (int i = dataFrom; i < dataTo && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            number = Math.max(number, 0) * 10 + (bytes[i] - '0');
        }
        return number;
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
