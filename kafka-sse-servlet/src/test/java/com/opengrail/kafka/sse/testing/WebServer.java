package com.opengrail.kafka.sse.testing;

import com.opengrail.kafka.sse.KafkaSseServlet;
import jakarta.servlet.Servlet;
import java.net.URI;
import java.util.Map;

/** A real servlet container in this process, with one servlet mapped to {@code /kafka-sse/*}. */
public interface WebServer extends AutoCloseable {

    /** The containers that everything is shown on. */
    enum Kind {
        JETTY {
            @Override
            WebServer start(int port, Servlet servlet, Map<String, String> initParams, boolean async) throws Exception {
                return new JettyServer(port, servlet, initParams, async);
            }
        },
        TOMCAT {
            @Override
            WebServer start(int port, Servlet servlet, Map<String, String> initParams, boolean async) throws Exception {
                return new TomcatServer(port, servlet, initParams, async);
            }
        };

        /** Starts a container on a port, or on a free one for 0. */
        public WebServer start(int port, Servlet servlet, Map<String, String> initParams) throws Exception {
            return start(port, servlet, initParams, true);
        }

        /** A container whose operator has forgotten {@code async-supported}. */
        public WebServer startWithoutAsync(Map<String, String> initParams) throws Exception {
            return start(0, new KafkaSseServlet(), initParams, false);
        }

        abstract WebServer start(int port, Servlet servlet, Map<String, String> initParams, boolean async)
                throws Exception;

        public WebServer start(Map<String, String> initParams) throws Exception {
            return start(0, new KafkaSseServlet(), initParams);
        }
    }

    int port();

    default URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + port() + pathAndQuery);
    }

    @Override
    void close();
}
