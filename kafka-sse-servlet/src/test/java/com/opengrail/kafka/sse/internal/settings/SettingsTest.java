package com.opengrail.kafka.sse.internal.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.ClientFilters;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void shouldHaveTheDefaultsOfTheContract() {
        Settings settings = Settings.read(Map.of(), Map.of());
        assertEquals(List.of(), settings.topics());
        assertTrue(settings.allowedTopics().isEmpty());
        assertEquals("localhost:9092", settings.consumerProperties().get("bootstrap.servers"));
        assertEquals(100, settings.number(Setting.POLL_TIMEOUT_MILLIS));
        assertEquals(512, settings.count(Setting.BUFFER_SIZE));
        assertEquals(5_000, settings.number(Setting.KEEP_ALIVE_MILLIS));
        assertSame(EventFilter.all(), settings.eventFilter());
        assertEquals(List.of(), settings.eventMappers().mappers());
        assertTrue(settings.eventMappers().defaultMapper());
        assertEquals(2_000, settings.number(Setting.RETRY_MILLIS));
        assertEquals(16_777_216, settings.number(Setting.WINDOW_BYTES));
        assertEquals(Math.min(Runtime.getRuntime().availableProcessors(), 4), settings.count(Setting.WRITER_THREADS));
        assertEquals(2, settings.count(Setting.REPLAY_THREADS));
        assertEquals(10_000, settings.count(Setting.MAX_CONNECTIONS));
        assertEquals(100, settings.count(Setting.MAX_FEEDS));
        assertEquals(0, settings.count(Setting.MAX_CONNECTIONS_PER_ADDRESS));
        assertEquals(0, settings.number(Setting.MAX_CONNECTION_MILLIS));
        assertEquals(60_000, settings.number(Setting.STALL_TIMEOUT_MILLIS));
        assertEquals(Optional.of("stream-position"), settings.positionEvent());
        assertFalse(settings.flag(Setting.ALLOW_CREDENTIALS));
        assertEquals(List.of(), settings.allowedHeaders());
        assertEquals(ClientFilters.REGEX, settings.clientFilters());
        assertEquals(10, settings.count(Setting.MAX_TOPICS_PER_REQUEST));
        assertEquals(0, settings.count(Setting.MAX_CONNECTIONS_PER_USER));
        assertEquals(67_108_864, settings.number(Setting.REPLAY_BYTES));
        assertEquals(Set.of(), settings.topicRoles().rolesOf("any"));
        assertTrue(settings.flag(Setting.END_WITH_SESSION));
        assertEquals(5_000, settings.number(Setting.RECHECK_MILLIS));
        assertTrue(settings.gzip());
        assertEquals(
                List.of("neither \"topic\" nor \"allowed-topics\" is set, so no request can be served"),
                settings.warnings());
    }

    @Test
    void shouldReadEachSetting() {
        Settings settings = Settings.read(
                Map.ofEntries(
                        Map.entry("topic", " orders,\n payments , orders"),
                        Map.entry("allowed-topics", "audit,log-.*"),
                        Map.entry("kafka-broker-url", "a:9092, b.example:9093,[::1]:9094"),
                        Map.entry("poll-timeout-millis", "50"),
                        Map.entry("buffer-size", "64"),
                        Map.entry("keep-alive-millis", "0"),
                        Map.entry("event-filter", "customer,order.*"),
                        Map.entry("event-mappers", "-default, envelope,constant-event:n"),
                        Map.entry("retry-millis", "0"),
                        Map.entry("window-bytes", "5000000000"),
                        Map.entry("writer-threads", "8"),
                        Map.entry("replay-threads", "1"),
                        Map.entry("max-connections", "20000"),
                        Map.entry("max-feeds", "7"),
                        Map.entry("max-connections-per-address", "6"),
                        Map.entry("max-connection-millis", "3600000"),
                        Map.entry("stall-timeout-millis", "9000"),
                        Map.entry("position-event", "none"),
                        Map.entry("allowed-origins", "https://example.org"),
                        Map.entry("allow-credentials", "true"),
                        Map.entry("allowed-headers", "Authorization, X-Request-ID"),
                        Map.entry("client-filters", "literal"),
                        Map.entry("max-topics-per-request", "3"),
                        Map.entry("max-connections-per-user", "5"),
                        Map.entry("replay-bytes", "1048576"),
                        Map.entry("topic-roles", "audit=auditor, pay.+=cn=staff\\,o=bank,_schemas=**"),
                        Map.entry("end-with-session", "false"),
                        Map.entry("recheck-millis", "250"),
                        Map.entry("compression", "none"),
                        Map.entry("env-prefix", "MINE_")),
                Map.of());
        assertEquals(List.of("orders", "payments"), settings.topics());
        assertTrue(settings.allowedTopics().allows("log-1"));
        assertTrue(settings.allowedTopics().allows("payments"));
        assertEquals(
                "a:9092,b.example:9093,[::1]:9094",
                settings.consumerProperties().get("bootstrap.servers"));
        assertEquals(50, settings.number(Setting.POLL_TIMEOUT_MILLIS));
        assertEquals(64, settings.count(Setting.BUFFER_SIZE));
        assertEquals(0, settings.number(Setting.KEEP_ALIVE_MILLIS));
        assertEquals(EventFilter.parse("order.*,customer"), settings.eventFilter());
        assertEquals(2, settings.eventMappers().mappers().size());
        assertFalse(settings.eventMappers().defaultMapper());
        assertEquals(0, settings.number(Setting.RETRY_MILLIS));
        assertEquals(5_000_000_000L, settings.number(Setting.WINDOW_BYTES));
        assertEquals(8, settings.count(Setting.WRITER_THREADS));
        assertEquals(1, settings.count(Setting.REPLAY_THREADS));
        assertEquals(20_000, settings.count(Setting.MAX_CONNECTIONS));
        assertEquals(7, settings.count(Setting.MAX_FEEDS));
        assertEquals(6, settings.count(Setting.MAX_CONNECTIONS_PER_ADDRESS));
        assertEquals(3_600_000, settings.number(Setting.MAX_CONNECTION_MILLIS));
        assertEquals(9_000, settings.number(Setting.STALL_TIMEOUT_MILLIS));
        assertEquals(Optional.empty(), settings.positionEvent());
        assertTrue(settings.allowedOrigins().allows("https://example.org"));
        assertTrue(settings.flag(Setting.ALLOW_CREDENTIALS));
        assertEquals(List.of("Authorization", "X-Request-ID"), settings.allowedHeaders());
        assertEquals(ClientFilters.LITERAL, settings.clientFilters());
        assertEquals(3, settings.count(Setting.MAX_TOPICS_PER_REQUEST));
        assertEquals(5, settings.count(Setting.MAX_CONNECTIONS_PER_USER));
        assertEquals(1_048_576, settings.number(Setting.REPLAY_BYTES));
        assertEquals(Set.of("cn=staff,o=bank"), settings.topicRoles().rolesOf("payments"));
        assertEquals(Set.of("**"), settings.topicRoles().rolesOf("_schemas"));
        assertFalse(settings.flag(Setting.END_WITH_SESSION));
        assertEquals(250, settings.number(Setting.RECHECK_MILLIS));
        assertFalse(settings.gzip());
        assertEquals(List.of(), settings.warnings());
    }

    @Test
    void shouldPreferTheInitParamToTheVariableAndTheVariableToTheDefault() {
        Map<String, String> environment = Map.of(
                "SSE_PROXY_TOPIC", "from-variable",
                "SSE_PROXY_BUFFER_SIZE", "7",
                "SSE_PROXY_KAFKA_BROKER_URL", "broker:1",
                "PATH", "/bin");
        Settings settings = Settings.read(Map.of("topic", "from-init-param"), environment);
        assertEquals(List.of("from-init-param"), settings.topics());
        assertEquals(7, settings.count(Setting.BUFFER_SIZE));
        assertEquals("broker:1", settings.consumerProperties().get("bootstrap.servers"));
        assertEquals(5_000, settings.number(Setting.KEEP_ALIVE_MILLIS));
        assertEquals(
                List.of("from-variable"), Settings.read(Map.of(), environment).topics());
    }

    @Test
    void shouldTakeABlankValueAsNotGiven() {
        Map<String, String> environment = Map.of("SSE_PROXY_TOPIC", "orders", "SSE_PROXY_RETRY_MILLIS", "  ");
        Settings settings = Settings.read(Map.of("topic", " \n ", "max-feeds", ""), environment);
        assertEquals(List.of("orders"), settings.topics());
        assertEquals(2_000, settings.number(Setting.RETRY_MILLIS));
        assertEquals(100, settings.count(Setting.MAX_FEEDS));
    }

    @Test
    void shouldIgnoreVariablesOfOthersButWarnOfMisspeltOnes() {
        Settings settings = Settings.read(
                Map.of("topic", "t"),
                Map.of(
                        "SSE_PROXY_TOPICS", "x",
                        "SSE_PROXY_KEEPALIVE_MILLIS", "1",
                        "SSE_PROXY_COLOUR_OF_THE_PAGE", "red",
                        "TOPIC", "y"));
        assertEquals(
                List.of(
                        "environment variable \"SSE_PROXY_KEEPALIVE_MILLIS\" is not known and ignored;"
                                + " \"SSE_PROXY_KEEP_ALIVE_MILLIS\" was probably meant",
                        "environment variable \"SSE_PROXY_TOPICS\" is not known and ignored;"
                                + " \"SSE_PROXY_TOPIC\" was probably meant"),
                settings.warnings());
    }

    @Test
    void shouldWarnOfAVariableWithTwoLettersSwapped() {
        assertEquals(
                List.of("environment variable \"SSE_PROXY_TOPCI\" is not known and ignored;"
                        + " \"SSE_PROXY_TOPIC\" was probably meant"),
                Settings.read(Map.of("topic", "t"), Map.of("SSE_PROXY_TOPCI", "x"))
                        .warnings());
    }

    @Test
    void shouldAllowTheTopicsAloneUnlessMoreAreAllowed() {
        Settings one = Settings.read(Map.of("topic", "orders"), Map.of());
        assertTrue(one.allowedTopics().allows("orders"));
        assertFalse(one.allowedTopics().allows("payments"));
        Settings other = Settings.read(Map.of("topic", "orders", "allowed-topics", "payments"), Map.of());
        assertTrue(other.allowedTopics().allows("orders"));
        assertTrue(other.allowedTopics().allows("payments"));
        assertFalse(other.allowedTopics().allows("audit"));
    }

    @Test
    void shouldNotChangeAfterwards() {
        Settings settings = Settings.read(Map.of("topic", "a,b"), Map.of());
        assertThrows(
                UnsupportedOperationException.class, () -> settings.topics().add("c"));
        assertThrows(
                UnsupportedOperationException.class,
                () -> settings.consumerProperties().clear());
        assertThrows(
                UnsupportedOperationException.class, () -> settings.warnings().add("c"));
    }

    @Test
    void shouldShowNoSecretsInTheLogOfTheStart() {
        Settings settings = Settings.read(Map.of("topic", "orders", "kafka.ssl.key.password", "hush"), Map.of());
        String text = settings.effective().toString();
        assertTrue(text.contains("topic = orders, from init-param \"topic\""), text);
        assertTrue(text.contains("kafka.ssl.key.password = (hidden), from init-param"), text);
        assertTrue(text.contains("kafka.isolation.level = read_committed, default"), text);
        assertFalse(text.contains("hush"), text);
    }
}
