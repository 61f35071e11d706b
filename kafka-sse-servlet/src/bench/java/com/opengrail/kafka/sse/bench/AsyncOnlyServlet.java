package com.opengrail.kafka.sse.bench;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Answers with the head of a stream, and leaves the request open. */
final class AsyncOnlyServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        request.startAsync().setTimeout(0);
        response.setContentType("text/event-stream");
        response.flushBuffer();
    }
}
