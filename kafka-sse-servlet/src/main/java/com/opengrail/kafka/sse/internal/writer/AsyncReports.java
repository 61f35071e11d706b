package com.opengrail.kafka.sse.internal.writer;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/**
 * Passes on what the container reports of an asynchronous request.
 *
 * <p>It has no constructor with parameters: a container may be asked to make a listener of any class (Servlet 6.0, 2.3.3.3), and
 * WildFly warns at each deployment of classes that it could not make.
 *
 * <p>Threads: safe. The receiver is set before the container gets the object.
 */
final class AsyncReports implements AsyncListener {
    private ClientWriter receiver;

    static AsyncReports to(ClientWriter receiver) {
        AsyncReports reports = new AsyncReports();
        reports.receiver = receiver;
        return reports;
    }

    @Override
    public void onComplete(AsyncEvent event) {
        receiver.onComplete(event.getThrowable());
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        receiver.onTimeout(event.getThrowable());
    }

    @Override
    public void onError(AsyncEvent event) {
        receiver.onError(event.getThrowable());
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
    }
}
