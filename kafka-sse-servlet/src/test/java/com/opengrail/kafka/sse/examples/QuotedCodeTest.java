package com.opengrail.kafka.sse.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents show of code is what {@code SpringBootIT} and {@code ProgramsBrowserIT} run. */
class QuotedCodeTest {
    private static final Path PAGE = Path.of("..", "docs", "embedding.md");
    private static final Path SOURCES = Path.of("src/test/java/com/opengrail/kafka/sse/examples/boot");
    private static final Path PROPERTIES = Path.of("src/test/resources/spring-boot/application.properties");
    private static final Pattern OTHER_LANGUAGE = Pattern.compile("```(?:python|go)\\R(.*?)```", Pattern.DOTALL);
    private static final Pattern QUOTE = Pattern.compile("```(?:java|properties)\\R(.*?)```", Pattern.DOTALL);

    private static List<String> sources() throws IOException {
        List<String> sources = new ArrayList<>(List.of(Files.readString(PROPERTIES)));
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file :
                    files.filter(file -> !file.endsWith("package-info.java")).toList()) {
                sources.add(Files.readString(file));
            }
        }
        return sources;
    }

    @Test
    void shouldShowTheClientsOfOtherLanguagesAsTheyAre() throws IOException {
        Path clients = Path.of("src/test/resources/clients");
        String code = Files.readString(clients.resolve("stream.py")) + Files.readString(clients.resolve("follow.go"));
        Matcher quote = OTHER_LANGUAGE.matcher(Files.readString(Path.of("..", "docs", "compatibility.md")));
        int quotes = 0;
        while (quote.find()) {
            assertTrue(code.contains(quote.group(1)), quote.group(1));
            quotes++;
        }
        assertEquals(2, quotes);
    }

    @Test
    void shouldShowEachFileOfTheExampleAsItIs() throws IOException {
        String page = Files.readString(PAGE);
        List<String> sources = sources();
        Matcher quote = QUOTE.matcher(page.substring(page.indexOf("\n## Spring Boot\n")));
        int quotes = 0;
        while (quote.find()) {
            String text = quote.group(1);
            assertTrue(sources.stream().anyMatch(source -> source.endsWith(text)), text);
            quotes++;
        }
        assertEquals(sources.size(), quotes);
    }
}
