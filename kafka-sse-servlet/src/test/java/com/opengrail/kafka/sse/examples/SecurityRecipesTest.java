package com.opengrail.kafka.sse.examples;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The code in docs/security.md is code of this package, which tests run. */
class SecurityRecipesTest {
    private static final Path PAGE = Path.of("../docs/security.md");
    private static final Path EXAMPLES = Path.of("src/test/java/com/opengrail/kafka/sse/examples");
    private static final Pattern CODE = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);

    private static List<String> recipes() {
        return CODE.matcher(read(PAGE)).results().map(found -> found.group(1)).toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("No text in " + file, e);
        }
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s", "");
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void shouldBeCodeThatIsRun(String recipe) throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            String code = files.filter(Files::isRegularFile)
                    .map(SecurityRecipesTest::read)
                    .collect(Collectors.joining());
            assertTrue(withoutSpace(code).contains(withoutSpace(recipe)), recipe);
        }
    }

    @Test
    void shouldFindRecipes() {
        assertFalse(recipes().isEmpty());
    }
}
