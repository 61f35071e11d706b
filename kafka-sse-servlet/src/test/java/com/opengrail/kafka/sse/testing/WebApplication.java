package com.opengrail.kafka.sse.testing;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import javax.management.ObjectName;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.session.ManagerBase;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.session.SessionIdManager;

/** A web application of any servlets, in a real container of its own, that can be undeployed and deployed again. */
public abstract class WebApplication implements AutoCloseable {

    /** Starts a container on a free port with one application, which is set up each time when it is deployed. */
    public static WebApplication start(WebServer.Kind kind, String contextPath, Consumer<ServletContext> setUp)
            throws Exception {
        return start(kind, contextPath, new Keeping(null, null), setUp);
    }

    /** The same with users who log in. */
    public static WebApplication start(
            WebServer.Kind kind, String contextPath, Users users, Consumer<ServletContext> setUp) throws Exception {
        return start(kind, contextPath, new Keeping(users, null), setUp);
    }

    /** The same with sessions in a store. */
    public static WebApplication start(
            WebServer.Kind kind, String contextPath, SessionStore sessions, Consumer<ServletContext> setUp)
            throws Exception {
        return start(kind, contextPath, new Keeping(null, sessions), setUp);
    }

    private static WebApplication start(
            WebServer.Kind kind, String contextPath, Keeping keeping, Consumer<ServletContext> setUp) throws Exception {
        return kind == WebServer.Kind.JETTY
                ? new OnJetty(contextPath, keeping, setUp)
                : new OnTomcat(contextPath, keeping, setUp);
    }

    /** What the container keeps for the application; each may be {@code null}. */
    private record Keeping(Users users, SessionStore sessions) {
        void prepare(ServletContextHandler context) {
            if (users != null) {
                users.protect(context);
            }
            if (sessions != null) {
                sessions.keep(context);
            }
        }

        void prepare(StandardContext context) {
            if (users != null) {
                users.protect(context);
            }
            if (sessions != null) {
                sessions.keep(context);
            }
        }
    }

    /** Registers a servlet that supports asynchronous processing and is started with the application. */
    public static void add(
            ServletContext application, String name, Servlet servlet, Map<String, String> initParams, String mapping) {
        ServletRegistration.Dynamic registration = application.addServlet(name, servlet);
        registration.setAsyncSupported(true);
        registration.setLoadOnStartup(1);
        registration.setInitParameters(initParams);
        registration.addMapping(mapping);
    }

    /** Ends the application; the container goes on. */
    public abstract void undeploy() throws Exception;

    /** Starts the application anew. */
    public abstract void deploy() throws Exception;

    /** Expires a session as an operator does: by the container's own means, from outside the application. */
    public abstract void expireSession(String id) throws Exception;

    abstract int port();

    /** An address in the container; the path begins with that of the application. */
    public URI uri(String pathAndQuery) {
        return URI.create("http://127.0.0.1:" + port() + pathAndQuery);
    }

    abstract void stop() throws Exception;

    @Override
    public void close() {
        try {
            stop();
        } catch (Exception e) {
            throw new IllegalStateException("The container did not stop", e);
        }
    }

    private static final class OnJetty extends WebApplication {
        private final Server server = new Server();
        private final ServerConnector connector = new ServerConnector(server);
        private final ContextHandlerCollection contexts = new ContextHandlerCollection();
        private final String contextPath;
        private final Keeping keeping;
        private final Consumer<ServletContext> setUp;
        private ServletContextHandler context;

        OnJetty(String contextPath, Keeping keeping, Consumer<ServletContext> setUp) throws Exception {
            this.contextPath = contextPath.isEmpty() ? "/" : contextPath;
            this.keeping = keeping;
            this.setUp = setUp;
            server.addConnector(connector);
            server.setHandler(contexts);
            server.start();
            deploy();
        }

        @Override
        public void undeploy() throws Exception {
            context.stop();
            contexts.removeHandler(context);
        }

        @Override
        public void deploy() throws Exception {
            context = new ServletContextHandler(contextPath, ServletContextHandler.SESSIONS);
            keeping.prepare(context);
            context.addServletContainerInitializer((classes, application) -> setUp.accept(application));
            contexts.addHandler(context);
            contexts.manage(context);
            context.start();
        }

        @Override
        public void expireSession(String id) {
            SessionIdManager ids = context.getSessionHandler().getSessionIdManager();
            ids.invalidateAll(ids.getId(id));
        }

        @Override
        int port() {
            return connector.getLocalPort();
        }

        @Override
        void stop() throws Exception {
            server.stop();
        }
    }

    private static final class OnTomcat extends WebApplication {
        private final Tomcat tomcat = new Tomcat();
        private final Connector connector = new Connector();
        private final Path folder = TargetFolders.make("tomcat");
        private final String contextPath;
        private final Keeping keeping;
        private final Consumer<ServletContext> setUp;
        private Context context;

        OnTomcat(String contextPath, Keeping keeping, Consumer<ServletContext> setUp) throws Exception {
            this.contextPath = contextPath;
            this.keeping = keeping;
            this.setUp = setUp;
            tomcat.setBaseDir(folder.toString());
            connector.setPort(0);
            tomcat.setConnector(connector);
            tomcat.getHost();
            tomcat.start();
            deploy();
        }

        @Override
        public void undeploy() {
            tomcat.getHost().removeChild(context);
        }

        @Override
        public void deploy() {
            StandardContext added = new StandardContext();
            added.setPath(contextPath);
            added.setDocBase(folder.toString());
            added.setFailCtxIfServletStartFails(true);
            added.addLifecycleListener(new Tomcat.FixContextListener());
            added.addServletContainerInitializer((classes, application) -> setUp.accept(application), null);
            keeping.prepare(added);
            tomcat.getHost().addChild(added);
            context = added;
        }

        /** The operation that consoles find in JMX. */
        @Override
        public void expireSession(String id) throws Exception {
            ObjectName manager = ((ManagerBase) context.getManager()).getObjectName();
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(manager, "expireSession", new Object[] {id}, new String[] {String.class.getName()});
        }

        @Override
        int port() {
            return connector.getLocalPort();
        }

        @Override
        void stop() throws Exception {
            tomcat.stop();
            tomcat.destroy();
        }
    }
}
