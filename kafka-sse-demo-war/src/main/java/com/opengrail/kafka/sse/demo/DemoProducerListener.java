package com.opengrail.kafka.sse.demo;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;

/** Runs the producer, where the environment asks for one, as long as the application is deployed. */
public final class DemoProducerListener implements ServletContextListener {
    private DemoProducer producer;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ProducerSettings.from(System.getenv()).ifPresent(settings -> {
            producer = new DemoProducer(settings);
            producer.start();
        });
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (producer != null) {
            producer.close();
        }
    }
}
