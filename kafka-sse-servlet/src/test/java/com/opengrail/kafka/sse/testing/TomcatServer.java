package com.opengrail.kafka.sse.testing;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletRegistration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;

/** Tomcat in this process. */
final class TomcatServer implements WebServer {
    private final Tomcat tomcat = new Tomcat();
    private final Connector connector = new Connector();

    TomcatServer(int port, Servlet servlet, Map<String, String> initParams, boolean async) throws Exception {
        Path folder = Files.createTempDirectory("tomcat");
        folder.toFile().deleteOnExit();
        tomcat.setBaseDir(folder.toString());
        connector.setPort(port);
        connector.setProperty("acceptCount", "4096");
        connector.setProperty("maxConnections", "20000");
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", folder.toString());
        ((StandardContext) context).setFailCtxIfServletStartFails(true);
        context.addServletContainerInitializer(
                (classes, application) -> register(application.addServlet("kafka-sse", servlet), initParams, async),
                null);
        tomcat.start();
        if (!context.getState().isAvailable()) {
            close();
            throw new IllegalStateException("The context has not started");
        }
    }

    private static void register(
            ServletRegistration.Dynamic registration, Map<String, String> initParams, boolean async) {
        registration.setAsyncSupported(async);
        registration.setLoadOnStartup(1);
        registration.setInitParameters(initParams);
        registration.addMapping("/kafka-sse/*");
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
