package com.opengrail.kafka.sse.clients;

import com.opengrail.kafka.sse.KafkaSseHealthServlet;
import com.opengrail.kafka.sse.KafkaSseServlet;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.Map;

/** The application of servers behind a proxy, which asks for their health. */
record StreamWithHealth(Map<String, String> settings) implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
        new WebServer.OneServlet(new KafkaSseServlet(), settings, true).contextInitialized(event);
        event.getServletContext()
                .addServlet("health", new KafkaSseHealthServlet())
                .addMapping("/health/*");
    }
}
