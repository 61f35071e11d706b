package com.opengrail.kafka.sse.examples;

import com.opengrail.kafka.sse.KafkaSse;
import com.opengrail.kafka.sse.KafkaSseServlet;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;

/** Registers a servlet in code. In an application it is named in web.xml, or has {@code @WebListener}. */
public final class OrdersListener implements ServletContextListener {
    private final String topic;
    private final String brokers;
    private KafkaSse engine;

    /** In an application these come from its configuration. */
    public OrdersListener(String topic, String brokers) {
        this.topic = topic;
        this.brokers = brokers;
    }

    @Override
    public void contextInitialized(ServletContextEvent event) {
        engine = KafkaSse.builder()
                .name("orders")
                .topics(topic)
                .bootstrapServers(brokers)
                .mapper(new OnlyShipped())
                .mapper(new RenamedByState())
                .mapper(new OneOrderThreeEvents())
                .build();
        ServletRegistration.Dynamic servlet =
                event.getServletContext().addServlet("orders", new KafkaSseServlet(engine));
        servlet.setAsyncSupported(true);
        servlet.addMapping("/orders");
    }

    /** Who made the engine closes it. */
    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (engine != null) {
            engine.close();
        }
    }
}
