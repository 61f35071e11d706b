package com.opengrail.kafka.sse.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.opengrail.kafka.sse.testing.ResponseDecoder;
import com.opengrail.kafka.sse.testing.SwarmClient;
import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * One client of the load: what it asks for, what it has to get next, and the bytes of a block that is not complete.
 *
 * <p>Threads: that of its selector alone; the number of events and the answer may be read by any.
 */
final class LoadConnection implements SwarmClient {
    static final byte[] NOTHING = {};

    /** Whether the clients accept gzip. */
    private static final boolean GZIP = Boolean.getBoolean("bench.gzip");

    /** Of a gzip member as the servers write it. */
    private static final int HEADER_BYTES = 10;

    private final LoadStats stats;

    /** That of its selector. */
    private final EventScanner scanner;

    final int number;
    final boolean stuck;

    /** Path and query. */
    private final String target;

    /** The thread's. */
    ResponseDecoder decoder = new ResponseDecoder();

    byte[] carried = NOTHING;
    private Inflater inflater;
    private int headerLeft = HEADER_BYTES;
    private final long[] next = new long[Stamp.LANES];
    private long counted;

    /** What the client goes on after; of use to the thread, seen by others. */
    volatile byte[] lastId = NOTHING;

    private volatile long events;
    private volatile boolean open;

    LoadConnection(LoadStats stats, EventScanner scanner, int number, boolean stuck, String target) {
        this.stats = stats;
        this.scanner = scanner;
        this.number = number;
        this.stuck = stuck;
        this.target = target;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public boolean isStuck() {
        return stuck;
    }

    @Override
    public byte[] request() {
        String resumption = lastId.length == 0 ? "" : "Last-Event-ID: " + new String(lastId, US_ASCII) + "\r\n";
        return ("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + resumption + "Accept: text/event-stream\r\n"
                        + (GZIP ? "Accept-Encoding: gzip\r\n\r\n" : "\r\n"))
                .getBytes(US_ASCII);
    }

    @Override
    public void received(byte[] bytes, int count) {
        scanner.read(this, bytes, count);
    }

    @Override
    public boolean isComplete() {
        return decoder.ended();
    }

    @Override
    public void ended() {
        String when = decoder.headComplete() ? "after" : "before";
        stats.ended(number, "ended by the server " + when + " the head of the answer");
        closed();
    }

    @Override
    public void failed(IOException cause) {
        stats.ended(number, cause.toString());
        closed();
    }

    /** Hands over the bytes of a body, decoded if the server has compressed them. */
    void decode(byte[] bytes, int from, int count, byte[] buffer, ResponseDecoder.Body into) {
        lookAtEncoding();
        if (inflater == null) {
            into.bytes(bytes, from, count);
            return;
        }
        int skipped = Math.min(headerLeft, count);
        headerLeft -= skipped;
        inflater.setInput(bytes, from + skipped, count - skipped);
        try {
            for (int decoded = inflater.inflate(buffer); decoded > 0; decoded = inflater.inflate(buffer)) {
                into.bytes(buffer, 0, decoded);
            }
        } catch (DataFormatException e) {
            stats.fault(number, e.toString());
        }
    }

    /** The body may come with the head or after it. */
    private void lookAtEncoding() {
        if (inflater == null && "gzip".equals(decoder.headers().get("Content-Encoding"))) {
            inflater = new Inflater(true);
        }
    }

    /** Takes an event; says what is wrong with it, or {@code null}. */
    String take(int lane, long sequence) {
        counted++;
        if (lane >= Stamp.LANES) {
            return "lane " + lane;
        }
        long expected = next[lane];
        next[lane] = sequence + 1;
        return sequence == expected ? null : "expected " + expected + " but got " + sequence + " in lane " + lane;
    }

    /** Shows what has been taken to other threads. */
    void publish() {
        events = counted;
    }

    long events() {
        return events;
    }

    /** Answered with 200, and not yet ended. */
    boolean isOpen() {
        return open;
    }

    void opened() {
        open = true;
        lookAtEncoding();
        decoder.forgetHeaders();
    }

    /** The connection is gone; a new one goes on after what this one has got. */
    private void closed() {
        open = false;
        decoder = new ResponseDecoder();
        carried = NOTHING;
        headerLeft = HEADER_BYTES;
        if (inflater != null) {
            inflater.end();
            inflater = null;
        }
    }
}
