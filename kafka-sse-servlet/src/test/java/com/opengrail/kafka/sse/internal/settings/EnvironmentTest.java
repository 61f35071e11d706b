package com.opengrail.kafka.sse.internal.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Which variables a servlet sees, and values that are kept in files. */
class EnvironmentTest {
    private static final String JAAS = "SSE_PROXY_KAFKA_SASL_JAAS_CONFIG";

    @TempDir
    private Path directory;

    private String file(String text) throws IOException {
        return Files.writeString(directory.resolve("value"), text).toString();
    }

    /** All servlets of a virtual machine share the environment. */
    @Test
    void shouldNotReadAFileForWhatAnInitParamSays() {
        String missing = "/does/not/exist";
        Settings settings = Settings.read(
                Map.of("topic", "a", "kafka.fetch.max.bytes", "1000"),
                Map.of("SSE_PROXY_TOPIC_FILE", missing, "SSE_PROXY_KAFKA_FETCH_MAX_BYTES_FILE", missing));
        assertTrue(settings.allowedTopics().allows("a"));
        Map<String, String> both = Map.of("SSE_PROXY_TOPIC_FILE", missing, "SSE_PROXY_TOPIC", "b");
        assertTrue(fault(Map.of("topic", "a"), both).contains("set only one"));
    }

    @Test
    void shouldReadAValueFromTheFileThatAVariableNames() throws IOException {
        Settings settings = Settings.read(Map.of(), Map.of("SSE_PROXY_TOPIC_FILE", file("orders\n")));
        assertEquals(List.of("orders"), settings.topics());
    }

    @Test
    void shouldReadAConsumerPropertyFromAFileWithoutTheLineEndThatEditorsAdd() throws IOException {
        for (String end : List.of("", "\n", "\r\n")) {
            Settings settings =
                    Settings.read(Map.of("topic", "t"), Map.of(JAAS + "_FILE", file("a.Module required;" + end)));
            assertEquals("a.Module required;", settings.consumerProperties().get("sasl.jaas.config"));
            assertEquals(List.of(), settings.warnings());
        }
        Map<String, String> unknown = Map.of("SSE_PROXY_KAFKA_OF_MINE_FILE", file("x \n\n"));
        assertEquals(
                "x \n", Settings.read(Map.of(), unknown).consumerProperties().get("of.mine"));
        Map<String, String> lines = Map.of("SSE_PROXY_KAFKA_OF_MINE_FILE", file("x\ny\r\n"));
        assertEquals("x\ny", Settings.read(Map.of(), lines).consumerProperties().get("of.mine"));
    }

    @Test
    void shouldReadTheBrokersFromAFile() throws IOException {
        Settings settings = Settings.read(Map.of(), Map.of("SSE_PROXY_KAFKA_BROKER_URL_FILE", file("a:1,b:2\n")));
        assertEquals("a:1,b:2", settings.consumerProperties().get("bootstrap.servers"));
        assertFalse(settings.consumerProperties().containsKey("broker.url"));
    }

    @Test
    void shouldLeavePropertiesToKafkaThatAreCalledSo() {
        assumeTrue(
                ConsumerConfig.configNames().contains("sasl.oauthbearer.assertion.file"),
                "older versions of Kafka's clients have no property of such a name");
        Settings settings = Settings.read(Map.of(), Map.of("SSE_PROXY_KAFKA_SASL_OAUTHBEARER_ASSERTION_FILE", "/a/b"));
        assertEquals("/a/b", settings.consumerProperties().get("sasl.oauthbearer.assertion.file"));
    }

    @Test
    void shouldRefuseAFileBesideTheVariableItself() throws IOException {
        Map<String, String> environment =
                Map.of("SSE_PROXY_TOPIC", "a", "SSE_PROXY_TOPIC_FILE", file("b"), JAAS, "", JAAS + "_FILE", file("b"));
        assertEquals("""
                2 settings are wrong:
                  environment variable "SSE_PROXY_TOPIC_FILE": it is set together with "SSE_PROXY_TOPIC"; set only one \
                of the two
                  environment variable "SSE_PROXY_KAFKA_SASL_JAAS_CONFIG_FILE": it is set together with \
                "SSE_PROXY_KAFKA_SASL_JAAS_CONFIG"; set only one of the two""", fault(Map.of(), environment));
    }

    @Test
    void shouldNameTheFileThatCannotBeRead() {
        String missing = directory.resolve("missing").toString();
        assertEquals(
                "1 setting is wrong:\n  environment variable \"SSE_PROXY_TOPIC_FILE\" (file \"" + missing
                        + "\"): it cannot be read (NoSuchFileException)",
                fault(Map.of(), Map.of("SSE_PROXY_TOPIC_FILE", missing)));
        assertTrue(fault(Map.of(), Map.of(JAAS + "_FILE", directory.toString())).contains("cannot be read"));
    }

    /** The reader of a device may never come to an end, and that of a pipe may never begin. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void shouldReadRegularFilesAlone() {
        String message = fault(Map.of(), Map.of("SSE_PROXY_TOPIC_FILE", "/dev/zero"));
        assertTrue(message.contains("it cannot be read: it is not a regular file"), message);
    }

    @Test
    void shouldNameAByteOrderMark() throws IOException {
        String message = fault(Map.of(), Map.of("SSE_PROXY_MAX_FEEDS_FILE", file("\uFEFF5")));
        assertTrue(message.contains("it begins with a byte order mark"), message);
    }

    @Test
    void shouldRefuseALargeFile() throws IOException {
        String message = fault(Map.of(), Map.of("SSE_PROXY_TOPIC_FILE", file("a".repeat((1 << 20) + 1))));
        assertTrue(message.contains("it is larger than 1048576 bytes"), message);
    }

    @Test
    void shouldNeverShowWhatAFileHolds() throws IOException {
        String secret = file("hu sh");
        for (String variable : List.of("SSE_PROXY_TOPIC_FILE", "SSE_PROXY_KAFKA_FETCH_MAX_BYTES_FILE")) {
            String message = fault(Map.of(), Map.of(variable, secret));
            assertTrue(message.contains(variable) && message.contains(secret), message);
            assertFalse(message.contains("hu sh"), message);
        }
        String effective = Settings.read(Map.of(), Map.of("SSE_PROXY_EVENT_FILTER_FILE", secret))
                .effective()
                .toString();
        assertFalse(effective.contains("hu sh"), effective);
    }

    @Test
    void shouldSeeTheVariablesOfItsPrefixAlone() {
        Map<String, String> environment = Map.of(
                "SSE_PROXY_ALLOWED_TOPICS", ".*",
                "SSE_PROXY_KAFKA_CLIENT_ID", "theirs",
                "PUBLIC_ALLOWED_TOPICS", "news",
                "PUBLIC_KAFKA_CLIENT_ID", "ours");
        Settings settings = Settings.read(Map.of("topic", "public", "env-prefix", "PUBLIC_"), environment);
        assertFalse(settings.allowedTopics().allows("payroll"));
        assertTrue(settings.allowedTopics().allows("news"));
        assertEquals("ours", settings.consumerProperties().get("client.id"));
        assertEquals(
                "theirs",
                Settings.read(Map.of(), environment).consumerProperties().get("client.id"));
    }

    @Test
    void shouldSuggestNamesOfItsPrefix() {
        Settings settings = Settings.read(
                Map.of("topic", "t", "env-prefix", "MINE_"),
                Map.of("MINE_ALLOWED_TOPIC", "a", "MINE_RECHEK_MILLIS_FILE", "b", "MINE_ENV_PREFIX", "OTHER_"));
        assertEquals(
                List.of(
                        "environment variable \"MINE_ALLOWED_TOPIC\" is not known and ignored;"
                                + " \"MINE_ALLOWED_TOPICS\" was probably meant",
                        "environment variable \"MINE_ENV_PREFIX\" has no effect: it is an init-param only",
                        "environment variable \"MINE_RECHEK_MILLIS_FILE\" is not known and ignored;"
                                + " \"MINE_RECHECK_MILLIS_FILE\" was probably meant"),
                settings.warnings());
    }

    @Test
    void shouldSayOfEachSettingWhereItCameFrom() throws IOException {
        String secret = file("a.LoginModule required password=hush;");
        List<String> effective = Settings.read(
                        Map.of("topic", "orders", "kafka.fetch.max.bytes", " 7"),
                        Map.of("SSE_PROXY_MAX_FEEDS", "3", JAAS + "_FILE", secret))
                .effective();
        for (String line : List.of(
                "topic = orders, from init-param \"topic\"",
                "max-feeds = 3, from environment variable \"SSE_PROXY_MAX_FEEDS\"",
                "recheck-millis = 5000, default",
                "kafka.fetch.max.bytes = 7, from init-param \"kafka.fetch.max.bytes\"",
                "kafka.sasl.jaas.config = (hidden), from environment variable \"" + JAAS + "_FILE\" (file \"" + secret
                        + "\")",
                "kafka.isolation.level = read_committed, default")) {
            assertTrue(effective.contains(line), effective::toString);
        }
        List<String> built =
                Settings.built(Map.of("max-feeds", "4"), Map.of(), List.of()).effective();
        assertTrue(built.contains("max-feeds = 4, from builder \"max-feeds\""), built::toString);
    }

    @Test
    void shouldShowTheValuesThatDefaultsComeTo() throws IOException {
        long threads = Math.min(Runtime.getRuntime().availableProcessors(), 4);
        List<String> lines =
                Settings.read(Map.of("topic", "orders,payments"), Map.of()).effective();
        assertTrue(lines.contains("writer-threads = " + threads + ", default"), lines::toString);
        assertTrue(lines.contains("allowed-topics = orders,payments, default"), lines::toString);
        List<String> without = Settings.read(Map.of(), Map.of()).effective();
        assertTrue(without.contains("allowed-topics = none, default"), without::toString);
        List<String> hidden = Settings.read(Map.of(), Map.of("SSE_PROXY_TOPIC_FILE", file("hush")))
                .effective();
        assertTrue(hidden.contains("allowed-topics = (hidden), default"), hidden::toString);
    }

    private static String fault(Map<String, String> initParams, Map<String, String> environment) {
        return assertThrows(SettingsException.class, () -> Settings.read(initParams, environment))
                .getMessage();
    }
}
