package com.opengrail.kafka.sse.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * One connection to a stream over a plain socket, which keeps all that it receives. What is compressed it decodes as it
 * comes.
 *
 * <p>Threads: a reader thread of its own fills it; any thread may ask and wait. Waits end with an
 * {@link AssertionError} that shows what was received so far.
 */
public final class SseClient implements AutoCloseable {

    private static final int READ_BYTES = 8192;

    /** An event as a page would see it. */
    public record Event(String id, String type, String data) {}

    private final Socket socket;
    private final String method;
    private final ResponseDecoder decoder = new ResponseDecoder();
    private final SseParser parser = new SseParser(new Recorder());

    // All below are guarded by this.
    private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
    private final List<Event> events = new ArrayList<>();
    private final List<String> comments = new ArrayList<>();
    private final List<Long> retries = new ArrayList<>();
    private GzipDecoder gzip;
    private boolean open;
    private boolean reading;
    private boolean ended;
    private long endedAt;
    private IOException failure;

    private SseClient(Socket socket, Request request) {
        this.socket = socket;
        this.method = request.method;
        this.reading = request.reading;
    }

    /** A request to this URL, to be opened. */
    public static Request to(URI url) {
        return new Request(url);
    }

    /** What is asked for, and how. */
    public static final class Request {

        private final URI url;
        private final Map<String, String> headers = new LinkedHashMap<>();
        private String method = "GET";
        private String query;
        private boolean reading = true;
        private int receiveBufferBytes;

        private Request(URI url) {
            this.url = url;
            query = url.getRawQuery();
            headers.put("Host", url.getAuthority());
            headers.put("Accept", "text/event-stream");
        }

        /** Replaces a default one of the same name; null leaves it out. */
        public Request header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        public Request method(String name) {
            method = name;
            return this;
        }

        /** Sent as it is, even if no URI may contain it. */
        public Request rawQuery(String text) {
            query = text;
            return this;
        }

        /** Takes the head and then no byte until {@link SseClient#startReading()}. */
        public Request stuck() {
            reading = false;
            receiveBufferBytes = 4096;
            return this;
        }

        public Request receiveBufferBytes(int bytes) {
            receiveBufferBytes = bytes;
            return this;
        }

        /** Connects and sends the request; the answer is read by another thread. */
        public SseClient open() throws IOException {
            Socket socket = new Socket();
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
            SseClient client = new SseClient(socket, this);
            socket.getOutputStream().write(head().getBytes(StandardCharsets.UTF_8));
            Thread reader = new Thread(client::read, "sse-client-" + socket.getLocalPort());
            reader.setDaemon(true);
            reader.start();
            return client;
        }

        private String head() {
            String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
            String target = query == null ? path : path + "?" + query;
            StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
            headers.forEach((name, value) -> text.append(value == null ? "" : name + ": " + value + "\r\n"));
            return text.append("\r\n").toString();
        }
    }

    private void read() {
        try {
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[READ_BYTES];
            int n = in.read(buffer, 0, 1);
            while (n > 0 && !take(buffer, n)) {
                // One byte at a time until the head is over, so that a stuck client holds nothing of the body.
                n = in.read(buffer, 0, decoder.headComplete() ? buffer.length : 1);
            }
            end(null);
        } catch (IOException e) {
            end(e);
        }
    }

    private synchronized boolean take(byte[] buffer, int n) throws IOException {
        try {
            decoder.feed(buffer, 0, n, this::takeBody);
        } catch (AssertionError e) {
            throw new IOException("not the gzip stream that it should be", e);
        }
        if (!open && decoder.headComplete()) {
            open = true;
            notifyAll();
            awaitReading();
        }
        notifyAll();
        return decoder.ended() || open && method.equals("HEAD");
    }

    private void takeBody(byte[] bytes, int offset, int length) {
        if (gzip == null && "gzip".equals(decoder.headers().get("Content-Encoding"))) {
            gzip = new GzipDecoder();
        }
        byte[] plain =
                gzip == null ? Arrays.copyOfRange(bytes, offset, offset + length) : gzip.decode(bytes, offset, length);
        raw.write(plain, 0, plain.length);
        parser.feed(plain, 0, plain.length);
    }

    private synchronized void awaitReading() {
        try {
            while (!reading) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void end(IOException cause) {
        ended = true;
        endedAt = System.nanoTime();
        failure = cause;
        notifyAll();
    }

    /** Lets a stuck client read from now on. */
    public synchronized void startReading() {
        reading = true;
        notifyAll();
    }

    public synchronized int status() {
        return decoder.status();
    }

    /** The value of this response header, or null. */
    public synchronized String header(String name) {
        return decoder.headers().get(name);
    }

    /** How many bytes the body had so far as it was sent, without the chunks it came in. */
    public synchronized int wireBytes() {
        return gzip == null ? raw.size() : gzip.wireBytes();
    }

    /** Checks that the body was one gzip member to its end, trailer included. */
    public synchronized void assertGzipEnded() {
        gzip.assertEnded();
    }

    /** The body so far, decoded and without the chunks it came in. */
    public synchronized byte[] rawBytes() {
        return raw.toByteArray();
    }

    public String rawText() {
        return new String(rawBytes(), StandardCharsets.UTF_8);
    }

    public synchronized List<Event> events() {
        return List.copyOf(events);
    }

    public synchronized List<String> comments() {
        return List.copyOf(comments);
    }

    /** Each reconnection time that was told, in milliseconds. */
    public synchronized List<Long> retries() {
        return List.copyOf(retries);
    }

    /** What a browser would send as {@code Last-Event-ID} if the connection ended now. */
    public synchronized String lastEventId() {
        return parser.lastEventId();
    }

    /** Whether the body came to its own end; false while it lasts and where it was cut off. */
    public synchronized boolean endedCleanly() {
        return ended && failure == null && (decoder.ended() || method.equals("HEAD"));
    }

    /** When the connection was over, by {@link System#nanoTime()}. */
    public synchronized long endedAt() {
        return endedAt;
    }

    public void awaitOpen(Duration limit) {
        await("the response head", limit, () -> open);
    }

    public List<Event> awaitEvents(int count, Duration limit) {
        await(count + " events", limit, () -> events.size() >= count);
        return events();
    }

    /** Waits until the events received so far are as wanted, and gives those. */
    public synchronized List<Event> awaitMatch(Predicate<List<Event>> wanted, Duration limit) {
        await("other events", limit, () -> wanted.test(events));
        return List.copyOf(events);
    }

    /** Waits until the body holds this text. */
    public void awaitText(String text, Duration limit) {
        await("the text \"" + text + "\"", limit, () -> rawText().contains(text));
    }

    /** Waits until the connection is over, cleanly or not. */
    public void awaitEnd(Duration limit) {
        await("the end", limit, () -> ended);
    }

    private synchronized void await(String what, Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (!condition.getAsBoolean()) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (millis <= 0 || ended) {
                    throw new AssertionError("waited for " + what + " but got " + this);
                }
                wait(millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + what, e);
        }
    }

    @Override
    public synchronized String toString() {
        return "status " + status() + ", " + events.size() + " events, ended " + ended + " (" + failure + "), body:\n"
                + rawText();
    }

    /** Cuts the connection off with a reset, as a browser that is killed does. */
    @Override
    public void close() throws IOException {
        startReading();
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Called within {@link #take}, so under the lock. */
    private final class Recorder implements SseParser.Listener {

        @Override
        public void event(String lastEventId, String type, String data) {
            events.add(new Event(lastEventId, type, data));
        }

        @Override
        public void retry(long millis) {
            retries.add(millis);
        }

        @Override
        public void comment(String text) {
            comments.add(text);
        }
    }
}
