package com.opengrail.kafka.sse.testing;

import jakarta.servlet.ServletContextListener;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty in this process. */
final class JettyServer implements WebServer {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    JettyServer(int port, ServletContextListener application) throws Exception {
        connector.setHost("0.0.0.0");
        connector.setPort(port);
        connector.setAcceptQueueSize(4096);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addEventListener(application);
        server.setHandler(context);
        try {
            server.start();
        } catch (Exception e) {
            server.stop();
            throw e;
        }
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The container did not stop", e);
        }
    }
}
