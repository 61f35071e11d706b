package com.opengrail.kafka.sse.demo.distribution;

import com.opengrail.kafka.sse.testing.JavaProcess.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How an operator sets up and starts an Open Liberty of his own: what its script named server comes to. */
final class OpenLiberty implements Installation {
    private static final String SERVER = "sse";
    private static final String SERVER_XML = """
            <server>
              <featureManager><feature>servlet-6.0</feature></featureManager>
              <httpEndpoint id="defaultHttpEndpoint" host="127.0.0.1" httpPort="%d" httpsPort="-1">
                <httpOptions writeTimeout="3s" />
              </httpEndpoint>
              <applicationManager autoExpand="true" />
              <logging consoleLogLevel="INFO" />
            </server>
            """;

    /** The folder of the server. */
    private static Path folder(Path base) {
        return base.resolve("servers").resolve(SERVER);
    }

    @Override
    public void setUp(Path home, Path base, int port) throws IOException {
        Files.createDirectories(folder(base).resolve("dropins"));
        Files.writeString(folder(base).resolve("server.xml"), SERVER_XML.formatted(port));
    }

    @Override
    public Command command(Path home, Path base, List<String> options, Map<String, String> environment) {
        Path tools = home.resolve("bin").resolve("tools");
        List<String> all = new ArrayList<>(options);
        all.add("-javaagent:" + tools.resolve("ws-javaagent.jar"));
        all.add("@" + home.resolve("lib/platform/java/java9.options"));
        all.add("-Djava.awt.headless=true");
        Map<String, String> added = new HashMap<>(environment);
        added.put("WLP_USER_DIR", base.toString());
        return new Command(
                tools.resolve("ws-server.jar").toString(),
                all,
                List.of("com.ibm.ws.kernel.boot.cmdline.EnvCheck", SERVER),
                added);
    }

    @Override
    public String loader() {
        return "com.ibm.ws.classloading.internal.AppClassLoader";
    }

    @Override
    public long kept() {
        return 1;
    }

    @Override
    public Path deployments(Path base) {
        return folder(base).resolve("dropins");
    }
}
