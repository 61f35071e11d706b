package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.KafkaSseServlet;
import com.opengrail.kafka.sse.testing.WebServer;
import java.nio.file.Path;
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

        @Override
        void serveSecure(int port, Path keyStore, String brokers, String topic) throws Exception {
            deploySecure(WebServer.Kind.JETTY, port, keyStore, settings(brokers, topic));
        }
    },

    /** This library on Tomcat. */
    TOMCAT {
        @Override
        void serve(int port, String brokers, String topic) throws Exception {
            WebServer.Kind.TOMCAT.start(port, new KafkaSseServlet(), settings(brokers, topic));
        }

        @Override
        void serveSecure(int port, Path keyStore, String brokers, String topic) throws Exception {
            deploySecure(WebServer.Kind.TOMCAT, port, keyStore, settings(brokers, topic));
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

    /** The same over TLS, with HTTP/1.1 or HTTP/2 as the client likes. */
    void serveSecure(int port, Path keyStore, String brokers, String topic) throws Exception {
        throw new UnsupportedOperationException(this + " has no TLS");
    }

    private static void deploySecure(WebServer.Kind kind, int port, Path keyStore, Map<String, String> settings)
            throws Exception {
        kind.deploySecure(port, keyStore, new WebServer.OneServlet(new KafkaSseServlet(), settings, true));
    }

    /** Limits are on as in operation, and above what any scenario opens. */
    private static Map<String, String> settings(String brokers, String topic) {
        return Map.of(
                "kafka-broker-url", brokers, "topic", topic, "allowed-topics", "bench-.*", "max-connections", "100000");
    }
}
