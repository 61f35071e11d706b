package com.opengrail.kafka.sse.internal.wire;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.StreamClosedByServerException;
import com.launchdarkly.eventsource.StreamException;
import com.launchdarkly.logging.LDLogger;
import com.opengrail.kafka.sse.testing.SseClient;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** The events of a stream as a client library of others reads them: okhttp-eventsource, without a network. */
final class OtherParser {
    private static final URI NOWHERE = URI.create("http://localhost/");
    private static final LDLogger SILENT = LDLogger.none();

    private OtherParser() {}

    static List<SseClient.Event> events(byte[] stream) {
        List<SseClient.Event> events = new ArrayList<>();
        try (EventSource source =
                new EventSource.Builder(new Bytes(stream)).logger(SILENT).build()) {
            while (true) {
                MessageEvent event = source.readMessage();
                events.add(new SseClient.Event(event.getLastEventId(), event.getEventName(), event.getData()));
            }
        } catch (StreamClosedByServerException e) {
            return events;
        } catch (StreamException e) {
            throw new AssertionError("after " + events, e);
        }
    }

    /** Connects to bytes. */
    private static final class Bytes extends ConnectStrategy {
        private final byte[] stream;

        Bytes(byte[] stream) {
            this.stream = stream;
        }

        @Override
        public Client createClient(LDLogger logger) {
            return new Client() {
                @Override
                public Result connect(String lastEventId) {
                    return new Result(new ByteArrayInputStream(stream), NOWHERE, () -> {});
                }

                @Override
                public boolean awaitClosed(long timeoutMillis) {
                    return true;
                }

                @Override
                public URI getOrigin() {
                    return NOWHERE;
                }

                @Override
                public void close() {}
            };
        }
    }
}
