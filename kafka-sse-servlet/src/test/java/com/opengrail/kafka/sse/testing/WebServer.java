package com.opengrail.kafka.sse.testing;

import com.opengrail.kafka.sse.KafkaSseServlet;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;
import java.net.URI;
import java.util.Map;

/** A real servlet container in this process, for most tests with one servlet mapped to {@code /kafka-sse/*}. */
public interface WebServer extends AutoCloseable {

    /** The containers that everything is shown on. */
    enum Kind {
        JETTY {
            @Override
            WebServer start(int port, Servlet servlet, Map<String, String> initParams, boolean async) throws Exception {
                return new JettyServer(port, new OneServlet(servlet, initParams, async));
            }

            @Override
            public WebServer deploy(ServletContextListener application) throws Exception {
                return new JettyServer(0, application);
            }
        },
        TOMCAT {
            @Override
            WebServer start(int port, Servlet servlet, Map<String, String> initParams, boolean async) throws Exception {
                return new TomcatServer(port, new OneServlet(servlet, initParams, async));
            }

            @Override
            public WebServer deploy(ServletContextListener application) throws Exception {
                return new TomcatServer(0, application);
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

        /** A container with an application that registers what it consists of when it starts. */
        public abstract WebServer deploy(ServletContextListener application) throws Exception;

        public WebServer start(Map<String, String> initParams) throws Exception {
            return start(0, new KafkaSseServlet(), initParams);
        }
    }

    /** The application of most tests. */
    record OneServlet(Servlet servlet, Map<String, String> initParams, boolean async)
            implements ServletContextListener {
        @Override
        public void contextInitialized(ServletContextEvent event) {
            ServletRegistration.Dynamic registration = event.getServletContext().addServlet("kafka-sse", servlet);
            registration.setAsyncSupported(async);
            registration.setLoadOnStartup(1);
            registration.setInitParameters(initParams);
            registration.addMapping("/kafka-sse/*");
        }
    }

    int port();

    default URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + port() + pathAndQuery);
    }

    @Override
    void close();
}
