package com.opengrail.kafka.sse.testing;

import jakarta.servlet.ServletContextListener;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;

/** Jetty in this process. */
final class JettyServer implements WebServer {
    private final Server server = new Server();
    private final Connector connector;
    private final ServletContextHandler context = new ServletContextHandler("/");

    private JettyServer(int port, ServletContextListener application, ConnectionFactory... protocols) throws Exception {
        connector = new Connector(server, protocols);
        connector.setHost("0.0.0.0");
        connector.setPort(port);
        connector.setAcceptQueueSize(4096);
        server.addConnector(connector);
        context.addEventListener(application);
        server.setHandler(context);
        try {
            server.start();
        } catch (Exception e) {
            server.stop();
            throw e;
        }
    }

    static JettyServer plain(int port, ServletContextListener application) throws Exception {
        return new JettyServer(port, application, new HttpConnectionFactory());
    }

    static JettyServer secure(int port, Path keyStore, ServletContextListener application) throws Exception {
        HttpConfiguration configuration = new HttpConfiguration();
        // A certificate for an address has no host name that could be compared.
        configuration.addCustomizer(new SecureRequestCustomizer(false));
        HttpConnectionFactory http1 = new HttpConnectionFactory(configuration);
        ALPNServerConnectionFactory choice = new ALPNServerConnectionFactory();
        choice.setDefaultProtocol(http1.getProtocol());
        SslContextFactory.Server keys = new SslContextFactory.Server();
        keys.setKeyStorePath(keyStore.toString());
        keys.setKeyStorePassword(Certificates.PASSWORD);
        return new JettyServer(
                port,
                application,
                new SslConnectionFactory(keys, choice.getProtocol()),
                choice,
                new HTTP2ServerConnectionFactory(configuration),
                http1);
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void undeploy() throws Exception {
        context.stop();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The container did not stop", e);
        }
        connector.closeForgotten();
    }

    /**
     * Closes what Jetty forgets: a connection that it accepts while it stops may stay open without ever being served. That
     * lasts until the process ends, which for a server in operation is at once, but not here.
     *
     * <p>Threads: safe.
     */
    private static final class Connector extends ServerConnector {
        private final Set<SelectableChannel> open = ConcurrentHashMap.newKeySet();
        private volatile boolean stopped;

        Connector(Server server, ConnectionFactory... protocols) {
            super(server, protocols);
        }

        @Override
        protected SelectorManager newSelectorManager(Executor executor, Scheduler scheduler, int selectors) {
            return new ServerConnectorManager(executor, scheduler, selectors) {
                @Override
                public void accept(SelectableChannel channel, Object attachment) {
                    open.add(channel);
                    super.accept(channel, attachment);
                    if (stopped) {
                        close(channel);
                    }
                }

                @Override
                protected void endPointClosed(EndPoint endPoint) {
                    open.remove((SelectableChannel) endPoint.getTransport());
                    super.endPointClosed(endPoint);
                }
            };
        }

        void closeForgotten() {
            stopped = true;
            open.forEach(this::close);
        }

        private void close(SelectableChannel channel) {
            open.remove(channel);
            try {
                channel.close();
            } catch (IOException e) {
                throw new IllegalStateException("A connection that Jetty has forgotten cannot be closed", e);
            }
        }
    }
}
