package com.opengrail.kafka.sse.internal.client;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/**
 * Passes on to a {@link ClientWriter} what the container reports of its request.
 *
 * <p>It has no constructor with parameters: a container may be asked to make a listener of any class (Servlet 6.0, 2.3.3.3), and
 * WildFly warns at each deployment of classes that it could not make.
 *
 * <p>Threads: safe. The writer is set before the container gets the object.
 */
final class AsyncReports implements AsyncListener {
    private ClientWriter writer;

    static AsyncReports to(ClientWriter writer) {
        AsyncReports reports = new AsyncReports();
        reports.writer = writer;
        return reports;
    }

    @Override
    public void onComplete(AsyncEvent event) {
        writer.onComplete(event.getThrowable());
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        writer.onTimeout(event.getThrowable());
    }

    @Override
    public void onError(AsyncEvent event) {
        writer.onError(event.getThrowable());
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
    }
}
