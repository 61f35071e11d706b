package com.opengrail.kafka.sse.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One connection of a swarm; between two reads it holds nothing but the bytes of a block that is not complete.
 *
 * <p>Threads: fed by the selector thread that owns it; {@link #events()} may be asked by any.
 */
final class SwarmConnection implements SwarmClient, ResponseDecoder.Body {

    private static final byte[] NOTHING = {};
    private static final byte[] RESUMPTION = "\r\nLast-Event-ID: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] POSITION = "stream-position".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GAP = "stream-gap".getBytes(StandardCharsets.US_ASCII);

    final int number;
    final boolean stuck;

    /** The head of the request without the last event id and the end; only of use with a selector. */
    byte[] head = NOTHING;

    private final SwarmCheck check;
    private final SwarmStats stats;
    private final SwarmEvent event;

    /** How a connection that comes back does so; null for one that stays away. */
    SwarmReturn returning;

    // Changed by the selector thread.
    private ResponseDecoder decoder = new ResponseDecoder();
    private long bytesLeft = Long.MAX_VALUE;
    private byte[] carried = NOTHING;
    private boolean headSeen;
    byte[] lastEventId = NOTHING;
    int eventsLeft = Integer.MAX_VALUE;

    // Written by the selector thread, read by those who wait.
    private volatile int events;

    SwarmConnection(int number, boolean stuck, SwarmCheck check, SwarmStats stats, SwarmEvent event) {
        this.number = number;
        this.stuck = stuck;
        this.check = check;
        this.stats = stats;
        this.event = event;
    }

    int events() {
        return events;
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
        decoder = new ResponseDecoder();
        carried = NOTHING;
        headSeen = false;
        bytesLeft = returning == null ? Long.MAX_VALUE : returning.bytesOfNext();
        byte[] resumption = lastEventId.length == 0 ? NOTHING : RESUMPTION;
        return ByteBuffer.allocate(head.length + resumption.length + lastEventId.length + END_OF_HEAD.length)
                .put(head)
                .put(resumption)
                .put(lastEventId)
                .put(END_OF_HEAD)
                .array();
    }

    @Override
    public boolean isComplete() {
        return bytesLeft == 0 || decoder.ended();
    }

    @Override
    public void ended() {
        (bytesLeft == 0 ? stats.cut : stats.ended).increment();
        comeBack();
    }

    private void comeBack() {
        if (returning != null) {
            returning.comeBack(this);
        }
    }

    @Override
    public void failed(IOException cause) {
        if (returning == null) {
            stats.fault(number, cause.toString());
        }
        stats.failed.increment();
        comeBack();
    }

    @Override
    public void received(byte[] bytes, int count) {
        int length = (int) Math.min(count, bytesLeft);
        bytesLeft -= length;
        stats.bytes.add(length);
        decoder.feed(bytes, 0, length, this);
        noteHead();
    }

    /** Whoever waits for an event finds that the stream has been opened. */
    private void noteHead() {
        if (!headSeen && decoder.headComplete()) {
            headSeen = true;
            if (decoder.status() == 200) {
                stats.opened.increment();
            } else {
                // The headers tell whether it is a proxy's answer, the container's or the servlet's.
                stats.fault(number, "status " + decoder.status() + " " + decoder.headers());
                stats.refused.increment();
            }
            decoder.forgetHeaders();
        }
    }

    @Override
    public void bytes(byte[] bytes, int offset, int length) {
        noteHead();
        if (carried.length == 0) {
            keep(bytes, scan(bytes, offset, offset + length), offset + length);
        } else {
            byte[] joined = Arrays.copyOf(carried, carried.length + length);
            System.arraycopy(bytes, offset, joined, carried.length, length);
            keep(joined, scan(joined, 0, joined.length), joined.length);
        }
    }

    private void keep(byte[] bytes, int from, int to) {
        carried = from == to ? NOTHING : Arrays.copyOfRange(bytes, from, to);
    }

    /** Hands over all complete blocks of {@code [from, to)} and returns where the incomplete one begins. */
    private int scan(byte[] bytes, int from, int to) {
        int block = from;
        int line = from;
        for (int at = from; at < to; at++) {
            if (bytes[at] != '\n') {
                continue;
            }
            if (at == line) {
                block(bytes, block, at);
                block = at + 1;
            } else if (line == block && bytes[line] == ':') {
                // A keep-alive is no part of the block that follows it: it must not be carried along.
                stats.comments.increment();
                block = at + 1;
            }
            line = at + 1;
        }
        return block;
    }

    private void block(byte[] bytes, int from, int to) {
        if (eventsLeft == 0) {
            return;
        }
        event.scan(bytes, from, to);
        lastEventId = event.idOr(lastEventId);
        if (!event.isEvent() || event.isNamed(POSITION)) {
            return;
        }
        if (event.isNamed(GAP)) {
            stats.gap(number, event.data());
            return;
        }
        String fault = check.event(event);
        if (fault != null) {
            stats.fault(number, fault);
        }
        stats.events.increment();
        eventsLeft--;
        events = events + 1;
    }
}
