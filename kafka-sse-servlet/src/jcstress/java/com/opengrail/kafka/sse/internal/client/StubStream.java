package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.StreamOptions;
import com.opengrail.kafka.sse.internal.access.Access;
import com.opengrail.kafka.sse.internal.access.ConnectionLimits;
import com.opengrail.kafka.sse.internal.access.Rechecks;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.request.CallOptions;
import com.opengrail.kafka.sse.internal.request.StreamRequest;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.internal.writer.Writers;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A client without a feed, of a container that takes everything and counts the writes. */
final class StubStream {
    private static final StreamRequest OF_ORDERS = new StreamRequest(
            List.of("orders"), EventFilter.all(), new Start.Latest(), Optional.empty(), "default", Optional.empty());

    private static final long LATER = Clients.ANSWER_WITHIN_NANOS + 1;

    final Client client;
    private final Counting out = new Counting();
    private final Slice slice = new Slice();

    /** Counts what is written, by one thread after the other. */
    private static final class Counting extends ServletOutputStream {
        private int writes;

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {}

        @Override
        public void write(int single) {
            throw new UnsupportedOperationException("a single byte");
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            writes++;
        }
    }

    StubStream(Writers writers) {
        InvocationHandler ofResponse = (proxy, method, arguments) -> switch (method.getName()) {
            case "getOutputStream" -> out;
            case "isCommitted", "containsHeader" -> false;
            default -> null;
        };
        HttpServletResponse response = proxy(HttpServletResponse.class, ofResponse);
        InvocationHandler ofRequest =
                (proxy, method, arguments) -> method.getName().equals("getProtocol") ? "HTTP/1.1" : null;
        ServletRequest request = proxy(ServletRequest.class, ofRequest);
        InvocationHandler ofContext = (proxy, method, arguments) -> switch (method.getName()) {
            case "getResponse" -> response;
            case "getRequest" -> request;
            default -> null;
        };
        AsyncContext context = proxy(AsyncContext.class, ofContext);
        Clients clients = new Clients(
                new ClientOptions(0, 0, 0, 0, Optional.empty(), 5_000, true),
                new ConnectionLimits(0, 0, 0),
                writers,
                new Rechecks("test", EngineThreads.ofCaller()),
                new Counters(),
                () -> 0);
        try {
            client = clients.add(new StreamOpening(
                    null,
                    context,
                    clients.slots().take("127.0.0.1", null),
                    OF_ORDERS,
                    new CallOptions(StreamOptions.defaults(), true),
                    Access.unlimited(),
                    null,
                    Instant.now()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** There is something to be written, once: the stream is to begin without a position. */
    void wake() {
        client.tick(LATER, slice);
    }

    /** The number of writes; to be asked when all is done. */
    int writes() {
        return out.writes;
    }
}
