package com.opengrail.kafka.sse.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.opengrail.kafka.sse.testing.ResponseDecoder;
import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Finds the events in what was read from a connection and holds each against what the connection has to get next.
 *
 * <p>Understands streams as the servers of the benchmark write them: LF, a space after the colon, values that begin with a
 * {@link Stamp}, whose rest is passed over. What can be checked about every event in a million a second is checked: that
 * none is missing, repeated, out of order, or of another length.
 *
 * <p>Threads: that of one selector.
 */
final class EventScanner implements ResponseDecoder.Body {
    private static final int DATA = "data: ".length();
    private static final int ID = "id: ".length();
    private static final byte[] GAP = "event: stream-gap".getBytes(US_ASCII);

    /** An hour: what takes longer is counted as that. */
    private static final long MOST_NANOS = 3_600_000_000_000L;

    private final LoadStats stats;
    private final Recorder latencies = new Recorder(MOST_NANOS, 3);
    private byte[] body = new byte[1 << 17];
    private final byte[] inflated = new byte[1 << 14];
    private int length;
    private long taken;

    EventScanner(LoadStats stats) {
        this.stats = stats;
    }

    /** From when an event was produced to when it was read, in nanoseconds, of the time since this was asked last. */
    Histogram latencies() {
        return latencies.getIntervalHistogram();
    }

    void read(LoadConnection connection, byte[] bytes, int count) {
        length = 0;
        bytes(connection.carried, 0, connection.carried.length);
        boolean headSeen = connection.decoder.headComplete();
        stats.wireBytes.add(count);
        connection.decoder.feed(bytes, 0, count, (of, from, size) -> connection.decode(of, from, size, inflated, this));
        if (!headSeen && connection.decoder.headComplete()) {
            if (connection.decoder.status() == 200) {
                connection.opened();
            } else {
                stats.fault(connection.number, "status " + connection.decoder.status());
            }
        }
        int rest = scan(connection, System.nanoTime(), stats.measuredFrom());
        connection.carried = rest == length ? LoadConnection.NOTHING : Arrays.copyOfRange(body, rest, length);
        connection.publish();
        stats.events.add(taken);
        taken = 0;
    }

    @Override
    public void bytes(byte[] bytes, int offset, int count) {
        if (length + count > body.length) {
            body = Arrays.copyOf(body, Math.max(body.length * 2, length + count));
        }
        System.arraycopy(bytes, offset, body, length, count);
        length += count;
    }

    /** Takes the complete blocks, whose last id counts, and returns where the incomplete one begins. */
    private int scan(LoadConnection connection, long now, long measuredFrom) {
        int block = 0;
        int line = 0;
        int id = 0;
        int lastId = 0;
        while (line < length) {
            byte first = body[line];
            int value = line + DATA;
            int end;
            if (first == 'd' && value + Stamp.BYTES <= length && body[value] != '\n') {
                end = value + Stamp.length(body, value);
                if (end + 1 >= length) {
                    break;
                }
                event(connection, value, end, now, measuredFrom);
                end++;
                block = end + 1;
                lastId = id;
            } else {
                end = lineEnd(line);
                if (end == length) {
                    break;
                }
                if (first == 'i') {
                    id = line + ID;
                } else if (first == 'e') {
                    countGap(connection, line, end);
                } else if (first == '\n' || first == ':') {
                    block = end + 1;
                    lastId = id;
                }
            }
            line = end + 1;
        }
        if (lastId > 0 && stats.keepsIds()) {
            connection.lastId = Arrays.copyOfRange(body, lastId, lineEnd(lastId));
        }
        return block;
    }

    private void event(LoadConnection connection, int value, int end, long now, long measuredFrom) {
        if (body[end] != '\n' || body[end + 1] != '\n') {
            stats.fault(connection.number, "an event of another length than it says");
        }
        String fault = connection.take(Stamp.lane(body, value), Stamp.number(body, value));
        if (fault != null) {
            stats.fault(connection.number, fault);
        }
        taken++;
        long produced = Stamp.nanos(body, value);
        if (produced - measuredFrom >= 0) {
            latencies.recordValue(Math.min(MOST_NANOS, Math.max(0, now - produced)));
        }
    }

    private void countGap(LoadConnection connection, int line, int end) {
        if (end - line == GAP.length && Arrays.equals(body, line, end, GAP, 0, GAP.length)) {
            stats.fault(connection.number, "a gap");
        }
    }

    private int lineEnd(int from) {
        int at = from;
        while (at < length && body[at] != '\n') {
            at++;
        }
        return at;
    }
}
