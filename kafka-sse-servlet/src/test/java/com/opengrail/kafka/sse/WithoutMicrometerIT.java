package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.opengrail.kafka.sse.testing.Beans;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.Servers;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Micrometer is optional: everything but the class for it works where it is not on the class path. */
class WithoutMicrometerIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Loads this library once more, and finds no Micrometer. */
    private static final class Loader extends ClassLoader {

        Loader() {
            super(WithoutMicrometerIT.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.micrometer.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("com.opengrail.kafka.sse.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = file.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @Test
    void shouldStreamWithoutMicrometer() throws Exception {
        Loader loader = new Loader();
        Class<?> servlet = loader.loadClass(KafkaSseServlet.class.getName());
        assertNotSame(KafkaSseServlet.class, servlet);
        assertThrows(LinkageError.class, () -> loader.loadClass(KafkaSseMeterBinder.class.getName()));
        KafkaBroker broker = KafkaBroker.shared();
        String topic = broker.topics().create("without", 1);
        try (WebServer server = WebServer.Kind.JETTY.start(
                        0,
                        (Servlet) servlet.getConstructor().newInstance(),
                        new Servers(broker.bootstrapServers()).settings());
                SseClient client =
                        SseClient.to(server.uri("/kafka-sse/" + topic)).open()) {
            client.awaitText("stream-position", LIMIT);
            broker.topics().produce(topic, "k", "v");
            client.awaitText("data: v\n", LIMIT);
            Beans.only().await("EventsSent", 1);
            assertEquals("following", Beans.only().feed(topic).get("state"));
        }
    }
}
