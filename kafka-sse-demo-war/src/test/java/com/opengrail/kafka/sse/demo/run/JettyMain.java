package com.opengrail.kafka.sse.demo.run;

import com.opengrail.kafka.sse.testing.OwnerWatch;
import java.nio.file.Path;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty with one web application at the root: arguments are the port and the WAR; settings come by environment. */
public final class JettyMain {
    private JettyMain() {}

    public static void main(String[] args) throws Exception {
        OwnerWatch.start();
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(args[0]));
        server.addConnector(connector);

        WebAppContext application = new WebAppContext(Path.of(args[1]).toUri().toString(), "/");
        application.setThrowUnavailableOnStartupException(true);
        // the WAR has to be complete: nothing of it may come from this JVM's own class path
        application
                .getHiddenClassMatcher()
                .add("com.opengrail.", "org.apache.kafka.", "org.slf4j.", "com.google.re2j.");
        server.setHandler(application);

        // whoever finds the port open finds the application ready
        server.setOpenEarly(false);
        server.setStopAtShutdown(true);
        try {
            server.start();
        } catch (Exception e) {
            server.stop();
            throw e;
        }
        server.join();
    }
}
