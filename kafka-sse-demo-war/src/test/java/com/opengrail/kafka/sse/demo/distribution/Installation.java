package com.opengrail.kafka.sse.demo.distribution;

import com.opengrail.kafka.sse.testing.JavaProcess.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** How an operator sets up and starts a server of a distribution. */
interface Installation {
    /** Of the demo WAR, where a loader's class is used for more than applications. */
    String SERVLET = "com.opengrail.kafka.sse.KafkaSseServlet";

    /** Lays out the folder of one server, as the distribution's documentation says: the distribution itself stays as it is. */
    void setUp(Path home, Path base, int port) throws IOException;

    /** What starts it. The options are the JVM's. */
    Command command(Path home, Path base, List<String> options, Map<String, String> environment);

    /** The class of which there is one object for each web application that is in memory. */
    default String loader() {
        return SERVLET;
    }

    /** How many removed applications the server itself may keep in memory, however many there have been. */
    default long kept() {
        return 0;
    }

    /** The folder that the server watches. */
    default Path deployments(Path base) {
        return base.resolve("webapps");
    }

    /** True if the file, whose application answers, may be replaced. */
    default boolean isDone(Path deployed) throws IOException {
        return true;
    }

    /** The files that say what went wrong. */
    default List<Path> logs(Path base) throws IOException {
        return List.of(base.resolve("console.log"));
    }
}
