package com.opengrail.kafka.sse.testing;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;

/** Tomcat in this process. */
final class TomcatServer implements WebServer {
    private final Tomcat tomcat = new Tomcat();
    private final Connector connector = new Connector();

    TomcatServer(int port, ServletContextListener application) throws Exception {
        Path folder = Files.createTempDirectory("tomcat");
        folder.toFile().deleteOnExit();
        tomcat.setBaseDir(folder.toString());
        connector.setPort(port);
        connector.setProperty("acceptCount", "4096");
        connector.setProperty("maxConnections", "20000");
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", folder.toString());
        ((StandardContext) context).setFailCtxIfServletStartFails(true);
        context.addServletContainerInitializer((classes, starting) -> start(application, starting), null);
        tomcat.start();
        if (!context.getState().isAvailable()) {
            close();
            throw new IllegalStateException("The context has not started");
        }
    }

    /** Lets a listener register what only one that web.xml names may: its class, not an instance, would stand there. */
    private static void start(ServletContextListener application, ServletContext starting) {
        application.contextInitialized(new ServletContextEvent(starting));
        starting.addListener(new ServletContextListener() {
            @Override
            public void contextDestroyed(ServletContextEvent event) {
                application.contextDestroyed(event);
            }
        });
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (Exception e) {
            throw new IllegalStateException("The container did not stop", e);
        }
    }
}
