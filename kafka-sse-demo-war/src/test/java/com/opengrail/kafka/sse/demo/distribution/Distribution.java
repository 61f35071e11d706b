package com.opengrail.kafka.sse.demo.distribution;

import com.opengrail.kafka.sse.testing.JavaProcess.Command;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A server as it is downloaded, which the build has unpacked, and how an operator sets up and starts one of his own. */
enum Distribution {
    JETTY_12_1("jetty", Distribution.JETTYS_LOADER) {
        @Override
        void setUp(Path base, int port) throws IOException {
            Jetty.setUp(home(), base, port, "ee10");
        }

        @Override
        Command command(Path base, List<String> options, Map<String, String> environment) {
            return Jetty.command(home(), base, options, environment);
        }
    },
    TOMCAT_10_1("tomcat10", Distribution.TOMCATS_LOADER) {
        @Override
        void setUp(Path base, int port) throws IOException {
            setUpTomcat(base, port);
        }

        @Override
        Command command(Path base, List<String> options, Map<String, String> environment) {
            return tomcat(base, options, environment);
        }
    },
    TOMCAT_11("tomcat11", Distribution.TOMCATS_LOADER) {
        @Override
        void setUp(Path base, int port) throws IOException {
            setUpTomcat(base, port);
        }

        @Override
        Command command(Path base, List<String> options, Map<String, String> environment) {
            return tomcat(base, options, environment);
        }
    },

    /** This and those after it have profiles of their own. */
    JETTY_12_1_EE11("ee11", Distribution.JETTYS_LOADER) {
        @Override
        void setUp(Path base, int port) throws IOException {
            Jetty.setUp(home(), base, port, "ee11");
        }

        @Override
        Command command(Path base, List<String> options, Map<String, String> environment) {
            return Jetty.command(home(), base, options, environment);
        }
    },
    OPEN_LIBERTY("liberty", "com.ibm.ws.classloading.internal.AppClassLoader") {
        @Override
        void setUp(Path base, int port) throws IOException {
            OpenLiberty.setUp(base, port);
        }

        @Override
        Command command(Path base, List<String> options, Map<String, String> environment) {
            return OpenLiberty.command(home(), base, options, environment);
        }

        @Override
        long kept() {
            return 1;
        }

        @Override
        Path deployments(Path base) {
            return OpenLiberty.folder(base).resolve("dropins");
        }
    },
    PAYARA("payara", Distribution.SERVLET) {
        @Override
        void setUp(Path base, int port) throws IOException {
            Payara.setUp(home(), base, port);
        }

        @Override
        Command command(Path base, List<String> options, Map<String, String> environment) {
            return Payara.command(home(), base, options, environment);
        }

        @Override
        Path deployments(Path base) {
            return Payara.folder(base).resolve("autodeploy");
        }

        @Override
        boolean isDone(Path deployed) throws IOException {
            return Payara.hasNoted(deployed);
        }
    },
    WILDFLY("wildfly", Distribution.SERVLET) {
        @Override
        void setUp(Path base, int port) throws IOException {
            WildFly.setUp(home(), base, port);
        }

        @Override
        Command command(Path base, List<String> options, Map<String, String> environment) {
            return WildFly.command(home(), base, options, environment);
        }

        @Override
        long kept() {
            return 1;
        }

        @Override
        Path deployments(Path base) {
            return base.resolve("deployments");
        }
    };

    /** A user of Tomcat's manager application. */
    static final String MANAGER = "robot";

    static final String MANAGERS_PASSWORD = "secret";

    /** Of the demo WAR, where a loader's class is used for more than applications. */
    private static final String SERVLET = "com.opengrail.kafka.sse.KafkaSseServlet";

    private static final String JETTYS_LOADER = "org.eclipse.jetty.ee.webapp.WebAppClassLoader";

    private static final String TOMCATS_LOADER = "org.apache.catalina.loader.ParallelWebappClassLoader";

    private final String property;
    private final String loader;

    Distribution(String property, String loader) {
        this.property = "distributions." + property;
        this.loader = loader;
    }

    /** Lays out the folder of one server, as the distribution's documentation says: the distribution itself stays as it is. */
    abstract void setUp(Path base, int port) throws IOException;

    /** What starts it. The options are the JVM's. */
    abstract Command command(Path base, List<String> options, Map<String, String> environment);

    /** The class of which there is one object for each web application that is in memory. */
    String loader() {
        return loader;
    }

    /** How many removed applications the server itself may keep in memory, however many there have been. */
    long kept() {
        return 0;
    }

    /** The folder that the server watches. */
    Path deployments(Path base) {
        return base.resolve("webapps");
    }

    /** True if the file, whose application answers, may be replaced. */
    boolean isDone(Path deployed) throws IOException {
        return true;
    }

    boolean isTomcat() {
        return this == TOMCAT_10_1 || this == TOMCAT_11;
    }

    /** Those that the build has unpacked. */
    static List<Distribution> unpacked() {
        return Arrays.stream(values())
                .filter(distribution ->
                        !System.getProperty(distribution.property, "").isEmpty())
                .toList();
    }

    /** The files that say what went wrong; those of Tomcat for an application's host are apart. */
    List<Path> logs(Path base) throws IOException {
        List<Path> all = new ArrayList<>(List.of(base.resolve("console.log")));
        if (isTomcat()) {
            try (Stream<Path> files = Files.list(base.resolve("logs"))) {
                files.filter(file -> file.getFileName().toString().matches("localhost\\.\\d.*\\.log"))
                        .forEach(all::add);
            }
        }
        return all;
    }

    Path home() {
        return Path.of(setting("distributions.folder"), setting(property)).toAbsolutePath();
    }

    private static String setting(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException("system property " + name + " is not set: the Maven build sets it");
        }
        return value;
    }

    void setUpTomcat(Path base, int port) throws IOException {
        for (String folder : List.of("conf", "logs", "temp", "webapps", "work")) {
            Files.createDirectories(base.resolve(folder));
        }
        try (Stream<Path> files = Files.list(home().resolve("conf"))) {
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

    /** What catalina.sh comes to. */
    Command tomcat(Path base, List<String> options, Map<String, String> environment) {
        List<String> all = new ArrayList<>(options);
        for (String opened :
                List.of("java.lang", "java.lang.reflect", "java.io", "java.util", "java.util.concurrent")) {
            all.add("--add-opens=java.base/" + opened + "=ALL-UNNAMED");
        }
        all.add("--add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED");
        all.add("-Djava.util.logging.config.file=" + base.resolve("conf").resolve("logging.properties"));
        all.add("-Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager");
        all.add("-Dcatalina.home=" + home());
        all.add("-Dcatalina.base=" + base);
        all.add("-Djava.io.tmpdir=" + base.resolve("temp"));
        Path bin = home().resolve("bin");
        return new Command(
                bin.resolve("bootstrap.jar") + File.pathSeparator + bin.resolve("tomcat-juli.jar"),
                all,
                List.of("org.apache.catalina.startup.Bootstrap", "start"),
                environment);
    }
}
