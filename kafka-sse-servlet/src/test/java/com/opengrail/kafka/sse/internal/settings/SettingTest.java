package com.opengrail.kafka.sse.internal.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingTest {

    private static final int COLUMNS = 6;

    @Test
    void shouldNameTheVariableAfterTheInitParam() {
        assertEquals(
                "SSE_PROXY_MAX_CONNECTIONS_PER_ADDRESS", Setting.MAX_CONNECTIONS_PER_ADDRESS.variable("SSE_PROXY_"));
        assertEquals("SSE_PROXY_KAFKA_BROKER_URL", Setting.KAFKA_BROKER_URL.variable("SSE_PROXY_"));
    }

    @Test
    void shouldReadItsOwnDefaults() {
        for (Setting setting : Setting.values()) {
            if (setting.defaultValue() instanceof Long number) {
                assertEquals(number, setting.parse(number.toString()), setting.initParam());
            }
        }
        for (Setting setting : List.of(Setting.KAFKA_BROKER_URL, Setting.EVENT_FILTER, Setting.POSITION_EVENT)) {
            assertEquals(setting.defaultValue(), setting.parse(setting.defaultText()));
        }
    }

    @Test
    void shouldBeDocumentedAsItIs() throws IOException {
        Map<String, List<String>> documented = new LinkedHashMap<>();
        documented().forEach((name, cells) -> documented.put(name, cells.subList(0, 3)));
        Map<String, List<String>> defined = new LinkedHashMap<>();
        for (Setting setting : Setting.values()) {
            defined.put(
                    setting.initParam(),
                    List.of(
                            setting == Setting.ENV_PREFIX
                                    ? "none, init-param only"
                                    : "`" + setting.variable("SSE_PROXY_") + "`",
                            setting.defaultText(),
                            setting.allowed()));
        }
        assertEquals(lines(defined), lines(documented));
    }

    @Test
    void shouldBeInTheReadmeAsInTheReference() throws IOException {
        List<String> inReadme = Files.readAllLines(Path.of("..", "README.md")).stream()
                .filter(line -> line.matches("\\| `[a-z-]+` \\|.*"))
                .toList();
        Map<String, List<String>> reference = documented();
        List<String> expected = Arrays.stream(Setting.values())
                .map(setting -> "| `%s` | %s | %s |"
                        .formatted(
                                setting.initParam(),
                                setting.defaultText(),
                                reference.get(setting.initParam()).get(3)))
                .toList();
        assertEquals(String.join("\n", expected), String.join("\n", inReadme));
    }

    /** The cells after the name, by name. No cell is empty. */
    private static Map<String, List<String>> documented() throws IOException {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("..", "docs", "configuration.md"))) {
            if (line.matches("\\| `[a-z-]+` \\| (`SSE_PROXY_|none, ).*")) {
                List<String> cells = Arrays.stream(
                                line.substring(1, line.length() - 1).split("\\|"))
                        .map(String::strip)
                        .toList();
                assertEquals(COLUMNS, cells.size(), line);
                assertFalse(cells.contains(""), line);
                rows.put(cells.get(0).replace("`", ""), cells.subList(1, COLUMNS));
            }
        }
        return rows;
    }

    private static String lines(Map<String, List<String>> table) {
        StringBuilder text = new StringBuilder();
        table.forEach((name, cells) -> text.append(name)
                .append(" | ")
                .append(String.join(" | ", cells))
                .append('\n'));
        return text.toString();
    }

    @Test
    void shouldTakeNoEmptyText() {
        for (Setting setting : Setting.values()) {
            for (String text : new String[] {"", " ", "\t\n"}) {
                assertThrows(IllegalArgumentException.class, () -> setting.parse(text), setting.initParam());
            }
        }
    }
}
