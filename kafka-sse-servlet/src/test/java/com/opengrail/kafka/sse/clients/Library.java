package com.opengrail.kafka.sse.clients;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.RetryDelayStrategy;
import com.launchdarkly.logging.LDLogger;
import com.opengrail.kafka.sse.testing.SseParser;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.sse.SseEventSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.sse.EventSource;
import okhttp3.sse.EventSourceListener;
import okhttp3.sse.EventSources;

/** Client libraries, each used as its documentation says, so that it comes back when it is cut off. */
enum Library {
    /** Tells of the end and leaves coming back, with the last event id, to its user. */
    OKHTTP_SSE {
        @Override
        AutoCloseable follow(URI url, Sink sink) {
            return new WithOkhttpSse(url, sink);
        }
    },

    /** LaunchDarkly's: comes back by itself. */
    OKHTTP_EVENTSOURCE {
        @Override
        AutoCloseable follow(URI url, Sink sink) {
            com.launchdarkly.eventsource.EventSource source = new com.launchdarkly.eventsource.EventSource.Builder(
                            ConnectStrategy.http(url))
                    .errorStrategy(ErrorStrategy.alwaysContinue())
                    .retryDelayStrategy(
                            RetryDelayStrategy.defaultStrategy().maxDelay(PAUSE_MILLIS, TimeUnit.MILLISECONDS))
                    .logger(LDLogger.none())
                    .build();
            start(() -> {
                for (MessageEvent event : source.messages()) {
                    sink.event(event.getEventName(), event.getData());
                }
            });
            return source;
        }
    },

    /** The reference of Jakarta REST: comes back by itself. */
    JERSEY {
        @Override
        AutoCloseable follow(URI url, Sink sink) {
            Client client = ClientBuilder.newClient();
            SseEventSource source = SseEventSource.target(client.target(url))
                    .reconnectingEvery(PAUSE_MILLIS, TimeUnit.MILLISECONDS)
                    .build();
            source.register(event -> sink.event(event.getName(), event.readData()));
            source.open();
            return () -> {
                source.close(1, TimeUnit.SECONDS);
                client.close();
            };
        }
    },

    /** The JDK's, which knows nothing of events: what its user writes is a loop around a parser. */
    JAVA_NET_HTTP {
        @Override
        AutoCloseable follow(URI url, Sink sink) {
            AtomicBoolean closed = new AtomicBoolean();
            HttpClient client = HttpClient.newHttpClient();
            start(() -> {
                String lastEventId = "";
                while (!closed.get()) {
                    lastEventId = readOnce(client, url, lastEventId, sink);
                }
            });
            return () -> closed.set(true);
        }
    };

    private static final long PAUSE_MILLIS = 50;

    /** Takes what a client hands to its application. */
    interface Sink {
        void event(String name, String data);
    }

    /** Follows until it is closed. */
    abstract AutoCloseable follow(URI url, Sink sink) throws Exception;

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "library-client");
        thread.setDaemon(true);
        thread.start();
    }

    /** One connection until its end; gives the last event id. */
    private static String readOnce(HttpClient client, URI url, String lastEventId, Sink sink) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        String[] last = {lastEventId};
        SseParser parser = new SseParser((id, type, data) -> {
            last[0] = id;
            sink.event(type, data);
        });
        try (InputStream in = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
            byte[] buffer = new byte[1024];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                parser.feed(buffer, 0, n);
            }
        } catch (IOException e) {
            // Cut off: the caller comes back.
            return last[0];
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return last[0];
    }

    /** Opens the next connection when one has ended. */
    private static final class WithOkhttpSse extends EventSourceListener implements AutoCloseable {
        private final OkHttpClient client =
                new OkHttpClient.Builder().readTimeout(Duration.ZERO).build();
        private final EventSource.Factory factory = EventSources.createFactory(client);
        private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
        private final URI url;
        private final Sink sink;

        // Written by the one connection that there is at a time.
        private volatile String lastEventId = "";
        private volatile EventSource current;

        WithOkhttpSse(URI url, Sink sink) {
            this.url = url;
            this.sink = sink;
            connect();
        }

        private void connect() {
            Request.Builder request = new Request.Builder().url(url.toString());
            if (!lastEventId.isEmpty()) {
                request.header("Last-Event-ID", lastEventId);
            }
            current = factory.newEventSource(request.build(), this);
        }

        @Override
        public void onEvent(EventSource source, String id, String type, String data) {
            if (id != null) {
                lastEventId = id;
            }
            sink.event(type == null ? "message" : type, data);
        }

        @Override
        public void onClosed(EventSource source) {
            comeBack();
        }

        @Override
        public void onFailure(EventSource source, Throwable failure, Response response) {
            comeBack();
        }

        private void comeBack() {
            if (!later.isShutdown()) {
                later.schedule(this::connect, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void close() {
            later.shutdownNow();
            current.cancel();
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }
}
