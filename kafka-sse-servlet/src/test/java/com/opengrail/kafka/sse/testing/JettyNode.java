package com.opengrail.kafka.sse.testing;

import jakarta.servlet.ServletContext;
import java.net.URI;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.SessionHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.session.AbstractSessionCache;
import org.eclipse.jetty.session.DefaultSessionCache;
import org.eclipse.jetty.session.DefaultSessionIdManager;
import org.eclipse.jetty.session.NullSessionCache;
import org.eclipse.jetty.session.SessionCache;
import org.eclipse.jetty.session.SessionDataStore;

/** One of several nodes of Jetty in this process that keep the sessions of one application in one store. */
public final class JettyNode implements AutoCloseable {

    /** What a node has in memory of sessions that are in the store, as for a balancer without sticky sessions. */
    public enum Cache {
        /** One object for all requests that are being served, until the last of them has ended. */
        WHILE_IN_USE(sessions -> cache(sessions, SessionCache.EVICT_ON_SESSION_EXIT)),
        /** The same, until it has not been used for a second. */
        UNTIL_IDLE(sessions -> cache(sessions, 1)),
        /** An object for each request. */
        NONE(NullSessionCache::new);

        private final Function<SessionHandler, AbstractSessionCache> caches;

        Cache(Function<SessionHandler, AbstractSessionCache> caches) {
            this.caches = caches;
        }

        private static DefaultSessionCache cache(SessionHandler sessions, int evictionPolicy) {
            DefaultSessionCache cache = new DefaultSessionCache(sessions);
            cache.setEvictionPolicy(evictionPolicy);
            return cache;
        }
    }

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    /** Starts a node of that name with an application at {@code /app}. */
    public JettyNode(String name, Cache cache, SessionDataStore store, Consumer<ServletContext> setUp)
            throws Exception {
        server.addConnector(connector);
        DefaultSessionIdManager ids = new DefaultSessionIdManager(server);
        ids.setWorkerName(name);
        server.addBean(ids, true);
        ServletContextHandler context = new ServletContextHandler("/app", ServletContextHandler.SESSIONS);
        AbstractSessionCache sessions = cache.caches.apply(context.getSessionHandler());
        sessions.setSaveOnCreate(true);
        // Before the answer, so that the next request may go to any node.
        sessions.setFlushOnResponseCommit(true);
        sessions.setSessionDataStore(store);
        context.getSessionHandler().setSessionCache(sessions);
        context.addServletContainerInitializer((classes, application) -> setUp.accept(application));
        server.setHandler(context);
        server.start();
    }

    /** An address of the node. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort() + path);
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The node did not stop", e);
        }
    }
}
