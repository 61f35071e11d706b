package com.opengrail.kafka.sse.torture;

import com.opengrail.kafka.sse.testing.ResponseDecoder;
import com.opengrail.kafka.sse.testing.SseParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client that cuts itself off at random, after some events or in the middle of bytes, and comes back with its last event
 * id. What it read after the cut that it chose counts as not received. Sometimes it reads slowly.
 *
 * <p>Threads: one of its own.
 */
final class RecklessClient implements AutoCloseable {
    /** Keep-alives come much more often: a connection without is one that the server has forgotten. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

    private static final int BUFFER_BYTES = 8192;
    private static final int SLOW_RECEIVE_BYTES = 4096;
    private static final int LONGEST_ABSENCE_MILLIS = 4000;
    private static final int CALM_ABSENCE_MILLIS = 50;

    private final Journal journal = new Journal();
    private final AtomicInteger lostConnections = new AtomicInteger();
    private final URI url;
    private final long firstDelayMillis;
    private final Random random;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean calm;

    /** The thread's: the connection that it reads, and when it is to be cut off. */
    private ResponseDecoder decoder;

    private SseParser parser;
    private int eventsLeft;
    private int bytesLeft;

    RecklessClient(String name, URI url, long firstDelayMillis, Random random) {
        this.url = url;
        this.firstDelayMillis = firstDelayMillis;
        this.random = random;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** From its next connection on it stays as long as it can. */
    void calmDown() {
        calm = true;
    }

    Journal journal() {
        return journal;
    }

    /** The number of connections that ended otherwise than by its own cut. */
    int lostConnections() {
        return lostConnections.get();
    }

    @Override
    public String toString() {
        return thread.getName() + " (" + url.getRawQuery() + ")";
    }

    private void run() {
        try {
            pause(firstDelayMillis);
            while (closed.getCount() > 0) {
                connectOnce();
                pause(calm ? CALM_ABSENCE_MILLIS : absenceMillis());
            }
        } catch (InterruptedException e) {
            journal.fault(e.toString());
        }
    }

    private long absenceMillis() {
        return random.nextInt(10) == 0 ? random.nextInt(LONGEST_ABSENCE_MILLIS) : random.nextInt(300);
    }

    private void pause(long millis) throws InterruptedException {
        if (closed.await(millis, TimeUnit.MILLISECONDS)) {
            calm = true;
        }
    }

    private void connectOnce() throws InterruptedException {
        boolean slow = !calm && random.nextInt(8) == 0;
        chooseCut();
        decoder = new ResponseDecoder();
        parser = new SseParser(this::event);
        try (Socket socket = new Socket()) {
            if (slow) {
                socket.setReceiveBufferSize(SLOW_RECEIVE_BYTES);
            }
            socket.setSoTimeout((int) LONGEST_SILENCE.toMillis());
            socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
            socket.getOutputStream().write(request(journal.connection()));
            read(socket.getInputStream(), slow);
            socket.setSoLinger(true, 0);
        } catch (SocketTimeoutException e) {
            journal.fault((decoder.headComplete() ? "no byte for " : "no answer for ") + LONGEST_SILENCE);
        } catch (IOException e) {
            // A server that stops, or is not there yet, is what this is about: the journal shows what it has cost.
            lostConnections.incrementAndGet();
        }
    }

    private void chooseCut() {
        boolean afterEvents = random.nextBoolean();
        int most = random.nextInt(3) == 0 ? 100 : 1;
        eventsLeft = calm || !afterEvents ? Integer.MAX_VALUE : 1 + random.nextInt(10 * most);
        bytesLeft = calm || afterEvents ? Integer.MAX_VALUE : 1 + random.nextInt(2000 * most);
    }

    private byte[] request(String lastEventId) {
        String resumption = lastEventId.isEmpty() ? "" : "Last-Event-ID: " + lastEventId + "\r\n";
        String head = "GET " + url.getRawPath() + "?" + url.getRawQuery() + " HTTP/1.1\r\nHost: " + url.getAuthority()
                + "\r\nAccept: text/event-stream\r\n" + resumption + "\r\n";
        return head.getBytes(StandardCharsets.US_ASCII);
    }

    private void read(InputStream in, boolean slow) throws IOException, InterruptedException {
        byte[] buffer = new byte[BUFFER_BYTES];
        int n = in.read(buffer);
        while (n > 0 && closed.getCount() > 0) {
            decoder.feed(buffer, 0, n, this::body);
            if (decoder.headComplete() && decoder.status() != 200) {
                refused(decoder.status());
                return;
            }
            if (isCut() || decoder.ended()) {
                return;
            }
            if (slow) {
                pause(random.nextInt(50));
            }
            n = in.read(buffer);
        }
        lostConnections.incrementAndGet();
    }

    /** A container may answer 503 while it starts or stops; what a browser would give up for comes from us. */
    private void refused(int status) {
        if (status < 500) {
            journal.fault("status " + status);
        }
        lostConnections.incrementAndGet();
    }

    private boolean isCut() {
        return eventsLeft == 0 || bytesLeft == 0;
    }

    private void body(byte[] bytes, int offset, int length) {
        int at = offset;
        int end = offset + Math.min(length, bytesLeft);
        while (at < end && eventsLeft > 0) {
            int next = at + 1;
            while (next < end && bytes[next - 1] != '\n') {
                next++;
            }
            parser.feed(bytes, at, next - at);
            journal.id(parser.lastEventId());
            at = next;
        }
        bytesLeft -= bytesLeft == Integer.MAX_VALUE ? 0 : at - offset;
    }

    /** The data of an event begins with the record's partition and its number there. */
    private void event(String id, String type, String data) {
        if (type.equals("stream-position")) {
            return;
        }
        if (type.equals("stream-gap")) {
            journal.fault("a gap where nothing is gone: " + data);
            return;
        }
        String[] parts = data.split(":", 3);
        journal.event(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        eventsLeft--;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
