package com.opengrail.kafka.sse.demo.distribution;

import com.opengrail.kafka.sse.testing.JavaProcess.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How an operator sets up and starts a Payara of his own: a domain, and what {@code asadmin start-domain} comes to. */
final class Payara implements Installation {
    private static final String DOMAIN = "sse";
    private static final String MAIN = "com.sun.enterprise.glassfish.bootstrap.ASMain";

    /** What {@code create-domain} adds to the base of the ports for that of HTTP. */
    private static final int HTTP = 80;

    /** The folder of the domain. */
    private static Path folder(Path base) {
        return base.resolve(DOMAIN);
    }

    /** True if it has noted which build of the file it has deployed. It would overlook one that is put there before. */
    @Override
    public boolean isDone(Path deployed) throws IOException {
        Path note = deployed.resolveSibling(".autodeploystatus").resolve(deployed.getFileName());
        return Files.exists(note)
                && Files.getLastModifiedTime(note).toMillis()
                        == Files.getLastModifiedTime(deployed).toMillis();
    }

    @Override
    public void setUp(Path home, Path base, int port) throws IOException {
        asadmin(
                home,
                "create-domain",
                "--nopassword",
                "--portbase",
                Integer.toString(port - HTTP),
                "--domaindir",
                base.toString(),
                DOMAIN);
        Files.createDirectories(folder(base).resolve("autodeploy"));
        Path file = folder(base).resolve("config").resolve("domain.xml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("address=\"0.0.0.0\"", "address=\"127.0.0.1\"")
                        .replace("<network-listener port=", "<network-listener address=\"127.0.0.1\" port="));
    }

    @Override
    public Command command(Path home, Path base, List<String> options, Map<String, String> environment) {
        List<String> shown = asadmin(home, "start-domain", "--dry-run", "--domaindir", base.toString(), DOMAIN);
        List<String> line = shown.subList(shown.indexOf("-cp"), shown.size());
        int main = line.indexOf(MAIN);
        List<String> all = new ArrayList<>(options);
        all.addAll(line.subList(2, main));
        List<String> mainAndArguments = new ArrayList<>(line.subList(main, line.indexOf("")));
        // asadmin would write the master password there, and the server waits for it whatever the value is
        int readsStdin = mainAndArguments.indexOf("-read-stdin");
        mainAndArguments.subList(readsStdin, readsStdin + 2).clear();
        // its log goes to the console too
        mainAndArguments.set(mainAndArguments.indexOf("-verbose") + 1, "true");
        return new Command(line.get(1), all, mainAndArguments, environment);
    }

    private static List<String> asadmin(Path home, String... arguments) {
        List<String> line = new ArrayList<>(List.of(
                Program.ofJdk("java"),
                "-jar",
                home.resolve("glassfish/lib/client/appserver-cli.jar").toString()));
        line.addAll(List.of(arguments));
        return Program.run(line).lines().toList();
    }

    @Override
    public Path deployments(Path base) {
        return folder(base).resolve("autodeploy");
    }
}
