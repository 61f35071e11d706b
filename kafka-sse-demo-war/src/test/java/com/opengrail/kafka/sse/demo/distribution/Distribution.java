package com.opengrail.kafka.sse.demo.distribution;

import com.opengrail.kafka.sse.testing.JavaProcess.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A server as it is downloaded, which the build has unpacked. */
enum Distribution {
    JETTY_12_1("jetty", new Jetty("ee10")),
    TOMCAT_10_1("tomcat10", new Tomcat()),
    TOMCAT_11("tomcat11", new Tomcat()),

    /** This and those after it have profiles of their own. */
    JETTY_12_1_EE11("ee11", new Jetty("ee11")),
    OPEN_LIBERTY("liberty", new OpenLiberty()),
    PAYARA("payara", new Payara()),
    WILDFLY("wildfly", new WildFly());

    private final String property;
    private final Installation installation;

    Distribution(String property, Installation installation) {
        this.property = "distributions." + property;
        this.installation = installation;
    }

    Installation installation() {
        return installation;
    }

    /** Lays out the folder of one server. */
    void setUp(Path base, int port) throws IOException {
        installation.setUp(home(), base, port);
    }

    /** What starts it. The options are the JVM's. */
    Command command(Path base, List<String> options, Map<String, String> environment) {
        return installation.command(home(), base, options, environment);
    }

    /** Those that the build has unpacked. */
    static List<Distribution> unpacked() {
        return Arrays.stream(values())
                .filter(distribution ->
                        !System.getProperty(distribution.property, "").isEmpty())
                .toList();
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
}
