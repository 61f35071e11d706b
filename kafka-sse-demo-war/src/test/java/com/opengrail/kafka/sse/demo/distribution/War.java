package com.opengrail.kafka.sse.demo.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The WAR of an application that uses the library. It has the libraries of the demo WAR, and what a test adds. */
final class War {
    /** What the build writes: the class path as Java shows it, one entry a line. */
    private static final String SPRING = "spring.classpath.file";

    private static final Pattern SPRINGS = Pattern.compile(
            "^ *(?:\\S+ = )?(\\S.*[/\\\\](?:spring|nimbus|micrometer|jcip)-[^/\\\\]*\\.jar)\\s*$", Pattern.MULTILINE);

    private final Path file;

    /** Makes the file, with the libraries alone. */
    War(Path file) throws IOException {
        this.file = file;
        Files.deleteIfExists(file);
        try (FileSystem content = FileSystems.newFileSystem(file, Map.of("create", "true"));
                FileSystem demo = FileSystems.newFileSystem(Path.of(System.getProperty("demo.war")));
                Stream<Path> jars = Files.list(demo.getPath("WEB-INF/lib"))) {
            Path libraries = Files.createDirectories(content.getPath("WEB-INF/lib"));
            for (Path jar : jars.toList()) {
                Files.copy(jar, libraries.resolve(jar.getFileName().toString()));
            }
        }
    }

    Path file() {
        return file;
    }

    /** Adds a file with this text. */
    War with(String path, String text) throws IOException {
        try (FileSystem content = FileSystems.newFileSystem(file)) {
            Files.writeString(content.getPath(path), text);
        }
        return this;
    }

    /** Adds classes of the tests' class path. They need not be such as this JVM could load. */
    War withClasses(List<String> names) throws IOException {
        try (FileSystem content = FileSystems.newFileSystem(file)) {
            for (String name : names) {
                String path = name.replace('.', '/') + ".class";
                Path to = content.getPath("WEB-INF/classes").resolve(path);
                Files.createDirectories(to.getParent());
                try (InputStream bytes = War.class.getClassLoader().getResourceAsStream(path)) {
                    Files.copy(bytes, to);
                }
            }
        }
        return this;
    }

    /** Adds Spring MVC and Spring Security with what they need. */
    War withSpring() throws IOException {
        String shown = Files.readString(Path.of(System.getProperty(SPRING)), StandardCharsets.UTF_8);
        try (FileSystem content = FileSystems.newFileSystem(file)) {
            for (String jar : SPRINGS.matcher(shown)
                    .results()
                    .map(found -> found.group(1))
                    .toList()) {
                Path from = Path.of(jar);
                Files.copy(
                        from,
                        content.getPath("WEB-INF/lib")
                                .resolve(from.getFileName().toString()));
            }
        }
        return this;
    }
}
