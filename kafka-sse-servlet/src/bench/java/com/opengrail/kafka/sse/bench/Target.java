package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.KafkaSseServlet;
import com.opengrail.kafka.sse.testing.WebServer;
import java.util.Map;

/** What is measured; each serves {@code /kafka-sse} on a port, in a process of its own. */
enum Target {
    /** A bare NIO server: the yardstick. */
    WIRE {
        @Override
        void serve(int port, String brokers, String topic) throws Exception {
            Wire.start(port, brokers, topic);
        }
    },

    /** This library on Jetty. */
    JETTY {
        @Override
        void serve(int port, String brokers, String topic) throws Exception {
            WebServer.Kind.JETTY.start(port, new KafkaSseServlet(), settings(brokers, topic));
        }
    },

    /** This library on Tomcat. */
    TOMCAT {
        @Override
        void serve(int port, String brokers, String topic) throws Exception {
            WebServer.Kind.TOMCAT.start(port, new KafkaSseServlet(), settings(brokers, topic));
        }
    },

    /** The servlet that people write: a consumer and a thread per client. */
    BY_HAND {
        @Override
        void serve(int port, String brokers, String topic) throws Exception {
            WebServer.Kind.JETTY.start(port, new ByHandServlet(brokers, topic), Map.of());
        }
    },

    /** What Jetty leaves to a servlet that does nothing but write the same bytes to all. */
    SHARED_JETTY {
        @Override
        void serve(int port, String brokers, String topic) throws Exception {
            WebServer.Kind.JETTY.start(port, new SharedWritesServlet(brokers, topic), Map.of());
        }
    },

    /** What Tomcat leaves to such a servlet. */
    SHARED_TOMCAT {
        @Override
        void serve(int port, String brokers, String topic) throws Exception {
            WebServer.Kind.TOMCAT.start(port, new SharedWritesServlet(brokers, topic), Map.of());
        }
    },

    /** What Jetty itself holds for an open asynchronous request. */
    BARE_JETTY {
        @Override
        void serve(int port, String brokers, String topic) throws Exception {
            WebServer.Kind.JETTY.start(port, new AsyncOnlyServlet(), Map.of());
        }
    },

    /** What Tomcat itself holds for an open asynchronous request. */
    BARE_TOMCAT {
        @Override
        void serve(int port, String brokers, String topic) throws Exception {
            WebServer.Kind.TOMCAT.start(port, new AsyncOnlyServlet(), Map.of());
        }
    };

    /** Starts to serve on threads that end with the process. */
    abstract void serve(int port, String brokers, String topic) throws Exception;

    /** Limits are on as in operation, and above what any scenario opens. */
    private static Map<String, String> settings(String brokers, String topic) {
        return Map.of(
                "kafka-broker-url", brokers, "topic", topic, "allowed-topics", "bench-.*", "max-connections", "100000");
    }
}
