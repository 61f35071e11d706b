package com.opengrail.kafka.sse.demo.distribution;

import com.opengrail.kafka.sse.testing.JavaProcess.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How an operator sets up and starts a Jetty of his own. Its environments are Jakarta EE's versions, as ee10. */
final class Jetty implements Installation {
    private final String environment;

    Jetty(String environment) {
        this.environment = environment;
    }

    @Override
    public void setUp(Path home, Path base, int port) throws IOException {
        // what start.jar makes when it is asked to, and then wants to be started once more
        for (String folder : List.of("webapps", "environments", "resources", "temp")) {
            Files.createDirectories(base.resolve(folder));
        }
        String logging = "resources/jetty-logging.properties";
        Files.copy(home.resolve("modules/logging/jetty").resolve(logging), base.resolve(logging));
        Path modules = Files.createDirectories(base.resolve("start.d"));
        Files.write(
                modules.resolve("http.ini"),
                List.of("--module=http", "jetty.http.host=127.0.0.1", "jetty.http.port=" + port));
        Files.write(modules.resolve("http2c.ini"), List.of("--module=http2c"));
        Files.write(modules.resolve("deploy.ini"), List.of("--module=" + environment + "-deploy"));
        // without it nobody looks for the classes that set applications with Spring up
        Files.write(modules.resolve("annotations.ini"), List.of("--module=" + environment + "-annotations"));
        // hot deployment is off unless it is asked for
        Files.write(
                modules.resolve("deployment-scanner.ini"),
                List.of("--module=deployment-scanner", "jetty.deploy.scanInterval=1"));
    }

    @Override
    public Command command(Path home, Path base, List<String> options, Map<String, String> variables) {
        List<String> all = new ArrayList<>(options);
        all.add("-Djetty.home=" + home);
        all.add("-Djetty.base=" + base);
        all.add("-Djava.io.tmpdir=" + base.resolve("temp"));
        all.add("-Djava.util.logging.SimpleFormatter.format=%1$tT.%1$tL %4$-7s %3$s: %5$s%6$s%n");
        return new Command(
                home.resolve("start.jar").toString(), all, List.of("org.eclipse.jetty.start.Main"), variables);
    }

    @Override
    public String loader() {
        return "org.eclipse.jetty.ee.webapp.WebAppClassLoader";
    }
}
