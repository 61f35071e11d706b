package com.opengrail.kafka.sse.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each public type shows an example in its Javadoc, and each example compiles. */
class JavadocExamplesTest {
    private static final Path SOURCES = Path.of("src/main/java/com/opengrail/kafka/sse");
    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code\\R(.*?)\\R\\s*\\* }</pre>", Pattern.DOTALL);
    private static final Pattern PUBLIC_TYPE =
            Pattern.compile("^public (?:final )?(?:class|interface|record|enum)", Pattern.MULTILINE);

    /** The names that an example may use without declaring them. */
    private static final String BEFORE = """
            import com.opengrail.kafka.sse.*;
            import io.micrometer.core.instrument.MeterRegistry;
            import jakarta.servlet.*;
            import jakarta.servlet.http.*;
            import java.time.*;
            import java.util.*;
            import org.apache.kafka.common.serialization.StringDeserializer;
            import org.slf4j.Logger;

            class Example {
                static class KafkaAvroDeserializer extends StringDeserializer {}
                ServletContext context;
                HttpServletRequest request;
                HttpServletResponse response;
                KafkaSse engine;
                MeterRegistry registry;
                Logger log;
                String user;

                void example() throws Exception {
            """;

    private static Stream<Path> publicTypes() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> PUBLIC_TYPE.matcher(read(file)).find())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("publicTypes")
    void shouldShowAnExampleThatCompiles(Path type) {
        List<String> examples = new ArrayList<>();
        Matcher matcher = EXAMPLE.matcher(read(type));
        while (matcher.find()) {
            examples.add(matcher.group(1).replaceAll("(?m)^\\s*\\* ?", ""));
        }
        assertFalse(examples.isEmpty(), () -> type + " has no example");
        for (String example : examples) {
            assertEquals("", compilerMessages(example), example);
        }
    }

    private static String compilerMessages(String example) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        SimpleJavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///Example.java"), SimpleJavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return BEFORE + example + "\n    }\n}\n";
                    }
                };
        JavacTask task =
                (JavacTask) compiler.getTask(messages, null, null, List.of("-proc:none"), null, List.of(source));
        try {
            task.analyze();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return messages.toString();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
