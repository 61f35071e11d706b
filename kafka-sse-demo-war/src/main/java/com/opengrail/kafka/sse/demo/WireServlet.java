package com.opengrail.kafka.sse.demo;

import com.opengrail.kafka.sse.KafkaSse;
import com.opengrail.kafka.sse.KafkaSseMXBean;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Tells how many events this application's streams were sent and how many bytes that took, which a page cannot see: a
 * browser decompresses a stream before the page gets it.
 *
 * <p>An MBean would be found by its name, which may be that of another version or virtual host with the same path.
 *
 * <p>Threads: those of the container.
 */
public final class WireServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        long events = 0;
        long bytes = 0;
        for (KafkaSse engine : KafkaSse.enginesOf(getServletContext())) {
            KafkaSseMXBean metrics = engine.metrics();
            events += metrics.getEventsSent();
            bytes += metrics.getBytesSent();
        }
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.getWriter().write("{\"events\":" + events + ",\"bytes\":" + bytes + "}");
    }
}
