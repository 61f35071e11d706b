package com.opengrail.kafka.sse.bench;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** The servlet that people write: for each client a consumer, a thread, and a string for each event, flushed each. */
final class ByHandServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final String brokers;
    private final String topic;

    ByHandServlet(String brokers, String topic) {
        this.brokers = brokers;
        this.topic = topic;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        AsyncContext context = request.startAsync();
        context.setTimeout(0);
        boolean fromStart = "earliest".equals(request.getParameter("offset"));
        Thread thread = new Thread(() -> stream(context, fromStart), "by-hand");
        thread.setDaemon(true);
        thread.start();
    }

    private void stream(AsyncContext context, boolean fromStart) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Records.consumerProperties(brokers), new StringDeserializer(), new StringDeserializer())) {
            Records.assign(consumer, topic, fromStart);
            context.getResponse().setContentType("text/event-stream");
            context.getResponse().setCharacterEncoding("UTF-8");
            context.getResponse().flushBuffer();
            PrintWriter out = context.getResponse().getWriter();
            while (!out.checkError()) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    String id = "%012x%012x".formatted(record.partition(), record.offset());
                    out.write("id: " + id + "\nevent: " + record.key() + "\ndata: " + record.value() + "\n\n");
                    out.flush();
                }
            }
        } catch (IOException e) {
            getServletContext().log("a client is gone", e);
        } finally {
            context.complete();
        }
    }
}
