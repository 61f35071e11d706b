package com.opengrail.kafka.sse.demo.distribution;

import com.opengrail.kafka.sse.testing.JavaProcess.Command;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How an operator sets up and starts a Tomcat of his own. */
final class Tomcat implements Installation {
    /** A user of the manager application. */
    static final String MANAGER = "robot";

    static final String MANAGERS_PASSWORD = "secret";

    @Override
    public void setUp(Path home, Path base, int port) throws IOException {
        for (String folder : List.of("conf", "logs", "temp", "webapps", "work")) {
            Files.createDirectories(base.resolve(folder));
        }
        try (Stream<Path> files = Files.list(home.resolve("conf"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, base.resolve("conf").resolve(file.getFileName()));
            }
        }
        Path file = base.resolve("conf").resolve("server.xml");
        String text = Files.readString(file);
        text = replace(text, "<Server port=\"8005\"", "<Server port=\"-1\"");
        text = replace(
                text,
                "<Connector port=\"8080\" protocol=\"HTTP/1.1\"\\s+connectionTimeout=\"20000\"\\s+redirectPort=\"8443\"[^>]*/>",
                documentedConnector(port));
        // ten seconds otherwise between two looks at what is to be deployed
        text = replace(
                text,
                "<Engine name=\"Catalina\" defaultHost=\"localhost\">",
                "<Engine name=\"Catalina\" defaultHost=\"localhost\" backgroundProcessorDelay=\"1\">");
        Files.writeString(file, text);
        Files.writeString(
                base.resolve("conf").resolve("tomcat-users.xml"),
                "<tomcat-users><user username='%s' password='%s' roles='manager-script' /></tomcat-users>"
                        .formatted(MANAGER, MANAGERS_PASSWORD));
    }

    /** What catalina.sh comes to. */
    @Override
    public Command command(Path home, Path base, List<String> options, Map<String, String> environment) {
        List<String> all = new ArrayList<>(options);
        for (String opened :
                List.of("java.lang", "java.lang.reflect", "java.io", "java.util", "java.util.concurrent")) {
            all.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
        }
        all.add("--add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED");
        all.add("-Djava.util.logging.config.file=" + base.resolve("conf").resolve("logging.properties"));
        all.add("-Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager");
        all.add("-Dcatalina.home=" + home);
        all.add("-Dcatalina.base=" + base);
        all.add("-Djava.io.tmpdir=" + base.resolve("temp"));
        Path bin = home.resolve("bin");
        return new Command(
                bin.resolve("bootstrap.jar") + File.pathSeparator + bin.resolve("tomcat-juli.jar"),
                all,
                List.of("org.apache.catalina.startup.Bootstrap", "start"),
                environment);
    }

    @Override
    public String loader() {
        return "org.apache.catalina.loader.ParallelWebappClassLoader";
    }

    /** Those for an application's host are apart. */
    @Override
    public List<Path> logs(Path base) throws IOException {
        List<Path> all = new ArrayList<>(List.of(base.resolve("console.log")));
        try (Stream<Path> files = Files.list(base.resolve("logs"))) {
            files.filter(file -> file.getFileName().toString().matches("localhost\\.\\d.*\\.log"))
                    .forEach(all::add);
        }
        return all;
    }

    /** As docs/containers.md says, and what it says of browsers that open and close many streams besides. */
    private static String documentedConnector(int port) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "containers.md"));
        Matcher connector =
                Pattern.compile("(?s)<Connector port=\"8080\".*?</Connector>").matcher(page);
        if (!connector.find()) {
            throw new IllegalStateException("docs/containers.md has no connector of Tomcat");
        }
        String address = "<Connector address=\"127.0.0.1\" port=\"" + port + "\"";
        return connector
                .group()
                .replace("<Connector port=\"8080\"", address)
                .replace("<UpgradeProtocol ", "<UpgradeProtocol overheadResetFactor=\"20\" ");
    }

    private static String replace(String text, String expression, String replacement) {
        String replaced = text.replaceFirst(expression, replacement);
        if (replaced.equals(text)) {
            throw new IllegalStateException("server.xml has no " + expression);
        }
        return replaced;
    }
}
