package com.opengrail.kafka.sse.demo.distribution;

import com.opengrail.kafka.sse.testing.JavaProcess.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How an operator sets up and starts a WildFly of his own: what standalone.sh comes to. */
final class WildFly implements Installation {
    private static final List<String> EXPORTED = List.of(
            "java.desktop/sun.awt",
            "java.naming/com.sun.jndi.ldap",
            "java.naming/com.sun.jndi.url.ldap",
            "java.naming/com.sun.jndi.url.ldaps",
            "jdk.naming.dns/com.sun.jndi.dns");
    private static final List<String> OPENED = List.of(
            "java.base/java.lang",
            "java.base/java.lang.invoke",
            "java.base/java.lang.reflect",
            "java.base/java.io",
            "java.base/java.net",
            "java.base/java.security",
            "java.base/java.util",
            "java.base/java.util.concurrent",
            "java.management/javax.management",
            "java.naming/javax.naming");

    @Override
    public void setUp(Path home, Path base, int port) throws IOException {
        for (String folder : List.of("configuration", "deployments", "log", "tmp", "data")) {
            Files.createDirectories(base.resolve(folder));
        }
        try (Stream<Path> files = Files.list(home.resolve("standalone").resolve("configuration"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, base.resolve("configuration").resolve(file.getFileName()));
            }
        }
        Path file = base.resolve("configuration").resolve("standalone.xml");
        String text = Files.readString(file)
                .replace("scan-interval=\"5000\"", "scan-interval=\"1000\"")
                // docs/containers.md
                .replace(
                        "<logger category=\"sun.rmi\">",
                        "<logger category=\"io.undertow.request.io\"><level name=\"OFF\"/></logger>"
                                + "<logger category=\"sun.rmi\">")
                // docs/containers.md: an idle thread keeps its last request
                .replace(
                        "<worker name=\"default\"/>",
                        "<worker name=\"default\" task-core-threads=\"1\" task-keepalive=\"1000\"/>")
                .replace("${jboss.http.port:8080}", Integer.toString(port))
                .replace("${jboss.https.port:8443}", "0")
                .replace("${jboss.management.http.port:9990}", "0");
        Files.writeString(file, text);
    }

    @Override
    public Command command(Path home, Path base, List<String> options, Map<String, String> environment) {
        List<String> all = new ArrayList<>(options);
        EXPORTED.forEach(each -> all.add("--add-exports=" + each + "=ALL-UNNAMED"));
        OPENED.forEach(each -> all.add("--add-opens=" + each + "=ALL-UNNAMED"));
        all.add("-Dorg.jboss.boot.log.file=" + base.resolve("log").resolve("server.log"));
        all.add("-Dlogging.configuration="
                + base.resolve("configuration").resolve("logging.properties").toUri());
        all.add("-Djava.awt.headless=true");
        return new Command(
                home.resolve("jboss-modules.jar").toString(),
                all,
                List.of(
                        "org.jboss.modules.Main",
                        "-mp",
                        home.resolve("modules").toString(),
                        "org.jboss.as.standalone",
                        "-Djboss.home.dir=" + home,
                        "-Djboss.server.base.dir=" + base),
                environment);
    }

    @Override
    public long kept() {
        return 1;
    }

    @Override
    public Path deployments(Path base) {
        return base.resolve("deployments");
    }
}
