package com.opengrail.kafka.sse.testing;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletConnection;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One asynchronous request of a container that is as unkind as Servlet 6.0, 5.7 allows: it says at random that it is not
 * ready and calls back from a thread of its own, it fails when told to, and it notes every call that is not allowed.
 */
public final class ScriptedContainer extends ServletOutputStream {
    private static final int WAIT_PERCENT = 20;
    private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    public final AsyncContext context = mock(AsyncContext.class);
    private final ServletRequest request = mock(ServletRequest.class);
    public final AtomicInteger completions = new AtomicInteger();
    public final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Thread> inside = new AtomicReference<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final Random random;
    private final Executor threads;
    private volatile int readyPercent;
    private volatile boolean failing;
    private volatile boolean outOfMemory;
    private volatile RuntimeException refusal;
    private volatile int waitPercent;
    private volatile boolean waiting = true;
    private volatile WriteListener listener;
    private volatile AsyncListener asyncListener;
    private volatile Consumer<Runnable> reporting = report -> {};

    public ScriptedContainer(long seed, int readyPercent, Executor threads) throws IOException {
        this.random = new Random(seed);
        this.readyPercent = readyPercent;
        this.threads = threads;
        when(context.getRequest()).thenReturn(request);
        when(request.getProtocol()).thenReturn("HTTP/1.1");
        HttpServletResponse response = mock(HttpServletResponse.class);
        when(context.getResponse()).thenReturn(response);
        when(response.getOutputStream()).thenReturn(this);
        doAnswer(call -> complete()).when(context).complete();
        doAnswer(call -> asyncListener = call.getArgument(0)).when(context).addListener(any(AsyncListener.class));
    }

    /** As the others on a connection of HTTP/2, whose writes wait at random as if nobody read from the connection. */
    public void share(String connection) {
        ServletConnection shared = mock(ServletConnection.class);
        when(shared.getConnectionId()).thenReturn(connection);
        when(request.getServletConnection()).thenReturn(shared);
        when(request.getProtocol()).thenReturn("HTTP/2.0");
        waitPercent = WAIT_PERCENT;
    }

    /** Whether the request has become a stream, which the container calls back. */
    public boolean isListenedTo() {
        return listener != null;
    }

    /** As a container does once the servlet has returned. */
    public void servletReturned() {
        callBack();
    }

    public void fail() {
        failing = true;
    }

    /** As a container does that takes its buffers from what is not on the heap. */
    public void runOutOfMemory() {
        outOfMemory = true;
    }

    /** As containers do with a response that they have taken back. */
    public void refuse(RuntimeException e) {
        refusal = e;
    }

    /** From now on a completion is reported, by whom this is given to; else none is. */
    public void reportCompletionsTo(Consumer<Runnable> reporter) {
        reporting = reporter;
    }

    /** From now on no write is taken. */
    public void stall() {
        readyPercent = 0;
    }

    public String received() {
        synchronized (received) {
            return received.toString(StandardCharsets.UTF_8);
        }
    }

    private Object complete() {
        enter("complete");
        completions.incrementAndGet();
        leave();
        reporting.accept(this::reportCompletion);
        return null;
    }

    /** As Tomcat does with the requests of an application that is being stopped. */
    public void timeOut() {
        try {
            asyncListener.onTimeout(new AsyncEvent(context));
        } catch (IOException e) {
            violations.add("onTimeout threw " + e);
        }
    }

    private void reportCompletion() {
        try {
            asyncListener.onComplete(new AsyncEvent(context));
        } catch (IOException e) {
            violations.add("onComplete threw " + e);
        }
    }

    private void callBack() {
        threads.execute(() -> {
            waiting = false;
            try {
                listener.onWritePossible();
            } catch (IOException e) {
                violations.add("onWritePossible threw " + e);
            }
        });
    }

    @Override
    public boolean isReady() {
        enter("isReady");
        try {
            if (waiting) {
                violations.add("isReady while a callback is due");
                return false;
            }
            if (random.nextInt(100) < readyPercent || failing) {
                return true;
            }
            waiting = true;
            if (readyPercent > 0) {
                callBack();
            }
            return false;
        } finally {
            leave();
        }
    }

    @Override
    public void setWriteListener(WriteListener given) {
        listener = given;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        enter("write");
        try {
            if (failing) {
                throw new IOException("the client is gone");
            }
            if (random.nextInt(100) < waitPercent) {
                LockSupport.parkNanos(WAIT_NANOS);
            }
            if (refusal != null) {
                throw refusal;
            }
            if (outOfMemory) {
                throw new OutOfMemoryError("no buffer");
            }
            synchronized (received) {
                received.write(bytes, from, length);
            }
        } finally {
            leave();
        }
    }

    @Override
    public void flush() throws IOException {
        enter("flush");
        leave();
        if (failing) {
            throw new IOException("the client is gone");
        }
    }

    @Override
    public void write(int single) {
        violations.add("a single byte written");
    }

    private void enter(String call) {
        Thread other = inside.getAndSet(Thread.currentThread());
        if (other != null) {
            violations.add(call + " by " + Thread.currentThread() + " during a call by " + other);
        }
        if (waiting && !call.equals("isReady") && !call.equals("complete")) {
            violations.add(call + " although the container is not ready");
        }
        if (completions.get() > 0) {
            violations.add(call + " after complete");
        }
    }

    private void leave() {
        inside.set(null);
    }
}
