package com.opengrail.kafka.sse.demo.distribution;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.SseParser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/**
 * One stream of an HTTP/2 connection, which keeps all that it receives.
 *
 * <p>Threads: the client's fill it; any thread may ask and wait.
 */
final class Http2Stream implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
    private final HttpResponse<Flow.Publisher<List<ByteBuffer>>> response;

    /** All below are guarded by this. */
    private final StringBuilder text = new StringBuilder();

    private final List<String> data = new ArrayList<>();
    private final SseParser parser = new SseParser((id, type, value) -> {
        if (!type.equals("stream-position")) {
            data.add(value);
        }
    });
    private Flow.Subscription subscription;
    private boolean reading;
    private boolean ended;
    private Throwable failure;

    private Http2Stream(HttpResponse<Flow.Publisher<List<ByteBuffer>>> response, boolean reading) {
        this.response = response;
        this.reading = reading;
    }

    /** Asks for a stream and waits for its head; one that does not read takes what the window of its stream lets through. */
    static Http2Stream open(HttpClient client, URI url, String lastEventId, boolean reading) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", lastEventId)
                .build();
        HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = client.sendAsync(
                        request, HttpResponse.BodyHandlers.ofPublisher())
                .get(Container.LIMIT.toSeconds(), TimeUnit.SECONDS);
        Http2Stream stream = new Http2Stream(response, reading);
        response.body().subscribe(stream);
        return stream;
    }

    HttpResponse<?> head() {
        return response;
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (reading) {
            subscription.request(1);
        }
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            text.append(new String(bytes, StandardCharsets.ISO_8859_1));
            parser.feed(bytes);
        }
        subscription.request(1);
    }

    @Override
    public synchronized void onError(Throwable cause) {
        ended = true;
        failure = cause;
    }

    @Override
    public synchronized void onComplete() {
        ended = true;
    }

    /** Lets one that did not read do so from now on. */
    synchronized void startReading() {
        reading = true;
        subscription.request(1);
    }

    synchronized List<String> data() {
        return List.copyOf(data);
    }

    synchronized String text() {
        return text.toString();
    }

    synchronized String lastEventId() {
        return parser.lastEventId();
    }

    synchronized boolean endedCleanly() {
        return ended && failure == null;
    }

    void awaitData(int count) {
        Await.until(count + " events", Container.LIMIT, () -> data().size() >= count, this::toString);
    }

    void awaitText(String wanted) {
        Await.until(wanted, Container.LIMIT, () -> text().contains(wanted), this::toString);
    }

    void awaitCleanEnd() {
        Await.until("a clean end", Container.LIMIT, this::endedCleanly, this::toString);
    }

    @Override
    public synchronized String toString() {
        int from = Math.max(0, text.length() - 500);
        return data.size() + " events, ended " + ended + " (" + failure + "), the last: " + text.substring(from);
    }

    /** Resets this stream of the connection ({@code RST_STREAM}) and leaves the others alone. */
    @Override
    public synchronized void close() {
        subscription.cancel();
    }
}
