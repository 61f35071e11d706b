package com.opengrail.kafka.sse.testing;

import com.opengrail.kafka.sse.KafkaSseServlet;
import jakarta.servlet.ServletContext;
import java.util.Map;

/** An application with one topic at {@code /sse}, and at {@code /page} a page that begins and ends sessions. */
public record SessionApplication(String topic) {

    /** Registers both servlets. Nodes in one JVM need names of their own for the first. */
    public void setUp(ServletContext context, String name) {
        Map<String, String> settings =
                Map.of("kafka-broker-url", KafkaBroker.shared().bootstrapServers(), "topic", topic);
        WebApplication.add(context, name, new KafkaSseServlet(), settings, "/sse");
        WebApplication.add(context, "page", new SessionPage(), Map.of(), "/page");
    }
}
