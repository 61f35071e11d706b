package com.opengrail.kafka.sse.demo;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Hashtable;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Tells how many events this application's streams were sent and how many bytes that took, which a page cannot see: a
 * browser decompresses a stream before the page gets it.
 *
 * <p>Threads: those of the container.
 */
public final class WireServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        String context = getServletContext().getContextPath();
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName name = new ObjectName(
                    "com.opengrail.kafka.sse",
                    new Hashtable<>(Map.of(
                            "type", "KafkaSse", "context", context.isEmpty() ? "/" : context, "name", "kafka-sse")));
            Object events = beans.getAttribute(name, "EventsSent");
            Object bytes = beans.getAttribute(name, "BytesSent");
            response.setContentType("application/json");
            response.setHeader("Cache-Control", "no-store");
            response.getWriter().write("{\"events\":" + events + ",\"bytes\":" + bytes + "}");
        } catch (JMException e) {
            throw new ServletException("The figures of the servlet kafka-sse of " + context + " cannot be read", e);
        }
    }
}
