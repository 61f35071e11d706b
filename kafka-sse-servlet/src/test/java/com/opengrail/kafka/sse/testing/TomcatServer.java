package com.opengrail.kafka.sse.testing;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;

/** Tomcat in this process. */
final class TomcatServer implements WebServer {
    private final Tomcat tomcat = new Tomcat();
    private final Connector connector;

    private final Context context;

    private TomcatServer(int port, Connector connector, ServletContextListener application) throws Exception {
        this.connector = connector;
        Path folder = TargetFolders.make("tomcat");
        tomcat.setBaseDir(folder.toString());
        connector.setPort(port);
        connector.setProperty("acceptCount", "4096");
        connector.setProperty("maxConnections", "20000");
        tomcat.setConnector(connector);
        context = tomcat.addContext("", folder.toString());
        ((StandardContext) context).setFailCtxIfServletStartFails(true);
        context.addServletContainerInitializer((classes, starting) -> start(application, starting), null);
        tomcat.start();
        if (!context.getState().isAvailable()) {
            close();
            throw new IllegalStateException("The context has not started");
        }
    }

    static TomcatServer plain(int port, ServletContextListener application) throws Exception {
        return new TomcatServer(port, new Connector(), application);
    }

    static TomcatServer secure(int port, Path keyStore, ServletContextListener application) throws Exception {
        Connector connector = new Connector();
        connector.setScheme("https");
        connector.setSecure(true);
        connector.setProperty("SSLEnabled", "true");
        SSLHostConfig host = new SSLHostConfig();
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateKeystoreFile(keyStore.toString());
        certificate.setCertificateKeystorePassword(Certificates.PASSWORD);
        host.addCertificate(certificate);
        connector.addSslHostConfig(host);
        Http2Protocol http2 = new Http2Protocol();
        // HAProxy, through which the load comes, gives small windows back. Chromium needs no such setting.
        http2.setOverheadWindowUpdateThreshold(0);
        connector.addUpgradeProtocol(http2);
        return new TomcatServer(port, connector, application);
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
    public void undeploy() {
        tomcat.getHost().removeChild(context);
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
