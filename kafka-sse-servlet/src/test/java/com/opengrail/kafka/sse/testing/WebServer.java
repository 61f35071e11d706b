package com.opengrail.kafka.sse.testing;

import com.opengrail.kafka.sse.KafkaSseServlet;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/** A real servlet container in this process, for most tests with one servlet mapped to {@code /kafka-sse/*}. */
public interface WebServer extends AutoCloseable {

    /** The containers that everything is shown on. */
    enum Kind {
        JETTY {
            @Override
            public WebServer deploy(int port, ServletContextListener application) throws Exception {
                return JettyServer.plain(port, application);
            }

            @Override
            public WebServer deploySecure(int port, Path keyStore, ServletContextListener application)
                    throws Exception {
                return JettyServer.secure(port, keyStore, application);
            }
        },
        TOMCAT {
            @Override
            public WebServer deploy(int port, ServletContextListener application) throws Exception {
                return TomcatServer.plain(port, application);
            }

            @Override
            public WebServer deploySecure(int port, Path keyStore, ServletContextListener application)
                    throws Exception {
                return TomcatServer.secure(port, keyStore, application);
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

        private WebServer start(int port, Servlet servlet, Map<String, String> initParams, boolean async)
                throws Exception {
            return deploy(port, new OneServlet(servlet, initParams, async));
        }

        /** A container with an application that registers what it consists of when it starts. */
        public WebServer deploy(ServletContextListener application) throws Exception {
            return deploy(0, application);
        }

        /** The same on a port, or on a free one for 0. */
        public abstract WebServer deploy(int port, ServletContextListener application) throws Exception;

        /** The same with TLS, and with HTTP/2 for clients that speak it. The key store is one of {@link Certificates}. */
        public abstract WebServer deploySecure(int port, Path keyStore, ServletContextListener application)
                throws Exception;

        public WebServer start(Map<String, String> initParams) throws Exception {
            return start(0, new KafkaSseServlet(), initParams);
        }
    }

    /** The application of most tests. */
    record OneServlet(String name, Servlet servlet, Map<String, String> initParams, boolean async)
            implements ServletContextListener {
        public OneServlet(Servlet servlet, Map<String, String> initParams, boolean async) {
            this("kafka-sse", servlet, initParams, async);
        }

        @Override
        public void contextInitialized(ServletContextEvent event) {
            ServletRegistration.Dynamic registration = event.getServletContext().addServlet(name, servlet);
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

    /** Ends the application; the container goes on. */
    void undeploy() throws Exception;

    @Override
    void close();
}
