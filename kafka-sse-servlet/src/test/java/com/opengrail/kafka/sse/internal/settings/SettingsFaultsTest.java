package com.opengrail.kafka.sse.internal.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsFaultsTest {

    private static final String TOPICS = "; allowed is comma separated topic names";
    private static final String ORIGINS =
            "; allowed is comma separated scheme://host or scheme://host:port, or `*` alone";
    private static final String MAPPERS =
            "; allowed is comma separated short names or class names, `-default` only as the first of several";
    private static final String POSITIONS =
            "; allowed is an event name other than `message`, `open`, `error`, `stream-gap` and `stream-cut`, or `none`";
    private static final String EXPRESSIONS = "; allowed is comma separated RE2 expressions";
    private static final String ALLOWED_TOPICS = "; allowed is comma separated topic names or RE2 expressions";
    private static final String ROLES = "; allowed is comma separated TOPIC=ROLE, TOPIC as in `allowed-topics`";
    private static final String BROKERS = "; allowed is comma separated host:port";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "poll-timeout-millis | abc | it is not a whole number; allowed is a whole number from 1 to 60000",
                "poll-timeout-millis | 0 | it is out of range; allowed is a whole number from 1 to 60000",
                "poll-timeout-millis | 60001 | it is out of range; allowed is a whole number from 1 to 60000",
                "buffer-size | -1 | it is out of range; allowed is a whole number from 1 to 1000000",
                "buffer-size | 5 000 | it is not a whole number; allowed is a whole number from 1 to 1000000",
                "keep-alive-millis | 5s | it is not a whole number; allowed is a whole number from 0 to 3600000",
                "retry-millis | 3600001 | it is out of range; allowed is a whole number from 0 to 3600000",
                "window-bytes | 65535 | it is out of range; allowed is a whole number from 65536 to 68719476736",
                "window-bytes | 16M | it is not a whole number; allowed is a whole number from 65536 to 68719476736",
                "writer-threads | 0 | it is out of range; allowed is a whole number from 1 to 256",
                "replay-threads | 257 | it is out of range; allowed is a whole number from 1 to 256",
                "max-connections | 99999999999999999999 | it is out of range"
                        + "; allowed is a whole number from 0 to 10000000",
                "max-feeds | 0 | it is out of range; allowed is a whole number from 1 to 10000",
                "max-connections-per-address | 1.5 | it is not a whole number"
                        + "; allowed is a whole number from 0 to 10000000",
                "max-connection-millis | -5 | it is out of range; allowed is a whole number from 0 to 2592000000",
                "max-topics-per-request | 0 | it is out of range; allowed is a whole number from 1 to 100",
                "max-connections-per-user | -1 | it is out of range; allowed is a whole number from 0 to 10000000",
                "replay-bytes | 1 | it is out of range; allowed is a whole number from 65536 to 68719476736",
                "recheck-millis | 0 | it is out of range; allowed is a whole number from 10 to 3600000",
                "stall-timeout-millis | 1e3 | it is not a whole number; allowed is a whole number from 0 to 86400000",
            })
    void shouldRefuseNumbers(String name, String value, String reason) {
        assertFault(name, value, reason);
    }

    @Test
    void shouldRefuseTexts() {
        assertFault("topic", "a b", "\"a b\" is not a topic name" + TOPICS);
        assertFault("topic", "a,..", "\"..\" is not a topic name" + TOPICS);
        assertFault("topic", "a,,b", "it has an empty element" + TOPICS);
        assertFault("topic", ",", "it has an empty element" + TOPICS);
        assertFault("allowed-topics", "a[", "the expression \"a[\" is not valid: missing closing ]" + ALLOWED_TOPICS);
        assertFault("allowed-topics", "a b", "\"a b\" is not a topic name" + ALLOWED_TOPICS);
        assertFault("allowed-topics", "a,", "an empty expression in \"a,\"" + ALLOWED_TOPICS);
        assertFault("kafka-broker-url", "localhost", "\"localhost\" is not of the form host:port" + BROKERS);
        assertFault("kafka-broker-url", "a:1,b:70000", "the port of \"b:70000\" is not from 1 to 65535" + BROKERS);
        assertFault("kafka-broker-url", "a:1;b:2", "\"a:1;b:2\" is not of the form host:port" + BROKERS);
        assertFault(
                "event-filter",
                "*",
                "the expression \"*\" is not valid: missing argument to repetition operator" + EXPRESSIONS);
        assertFault("event-mappers", "topic-event:x", "topic-event takes no argument" + MAPPERS);
        assertFault("event-mappers", "A,-default", "\"-default\" is not the first element" + MAPPERS);
        assertFault("event-mappers", "-default", "\"-default\" alone leaves no mapper" + MAPPERS);
        assertFault("position-event", "message", "this name has another meaning to pages or in the stream" + POSITIONS);
        assertFault("allowed-origins", "example.org", "\"example.org\" is not an origin" + ORIGINS);
        assertFault("allowed-origins", "https://a.org/", "\"https://a.org/\" is not an origin" + ORIGINS);
        assertFault("allowed-origins", "null", "\"null\" is not an origin" + ORIGINS);
        assertFault("allowed-origins", "http://a.org,*", "\"*\" does not stand alone" + ORIGINS);
        assertFault("allow-credentials", "yes", "it is neither true nor false; allowed is `true` or `false`");
        assertFault(
                "allowed-headers",
                "A,*",
                "\"*\" is not the name of a header; allowed is comma separated names of headers");
        assertFault("client-filters", "glob", "it is not a kind of filter; allowed is `regex`, `literal` or `none`");
        assertFault("compression", "br", "there is no such compression; allowed is `gzip` or `none`");
        assertFault("topic-roles", "orders", "\"orders\" is not of the form TOPIC=ROLE" + ROLES);
        assertFault("topic-roles", "=clerk", "\"=clerk\" is not of the form TOPIC=ROLE" + ROLES);
        assertFault("topic-roles", "a[=x", "the expression \"a[\" is not valid: missing closing ]" + ROLES);
        assertFault(
                "env-prefix",
                "9A",
                "no environment variable can begin with this; allowed is letters, digits and underscores,"
                        + " not beginning with a digit");
    }

    @Test
    void shouldRefuseUnknownInitParamsAndNameWhatWasProbablyMeant() {
        assertFault("topics", "a", "there is no such setting; \"topic\" was probably meant");
        assertFault("topci", "a", "there is no such setting; \"topic\" was probably meant");
        assertFault("tpoic", "a", "there is no such setting; \"topic\" was probably meant");
        assertFault("keepalive-millis", "1", "there is no such setting; \"keep-alive-millis\" was probably meant");
        assertFault("keep-alive", "1", "there is no such setting; \"keep-alive-millis\" was probably meant");
        assertFault("BUFFER_SIZE", "1", "there is no such setting; \"buffer-size\" was probably meant");
        assertFault("SSE_PROXY_MAX_FEEDS", "1", "there is no such setting; \"max-feeds\" was probably meant");
        assertFault("broker-url", "a:1", "there is no such setting; \"kafka-broker-url\" was probably meant");
        assertFault(
                "colour",
                "red",
                "there is no such setting; allowed are the settings of docs/configuration.md and kafka.NAME");
        assertFault("kafka.", "x", "there is no such setting; \"kafka-broker-url\" was probably meant");
    }

    @Test
    void shouldRefuseCookiesOfAnyOrigin() {
        String message = assertThrows(
                        SettingsException.class,
                        () -> Settings.read(Map.of("allow-credentials", "true", "allowed-origins", "*"), Map.of()))
                .getMessage();
        assertEquals(
                "1 setting is wrong:\n  init-param \"allow-credentials\" = \"true\": it cannot be combined with"
                        + " \"allowed-origins\" = \"*\"; name the origins",
                message);
    }

    @Test
    void shouldRefuseAPrefixOfVariablesInCodeWhereThereAreNone() {
        assertThrows(SettingsException.class, () -> Settings.built(Map.of("env-prefix", "MINE_"), Map.of(), List.of()));
    }

    @Test
    void shouldReportAllFaultsAtOnceWithWhereTheyCameFrom() {
        String message = assertThrows(
                        SettingsException.class,
                        () -> Settings.read(
                                Map.of("buffer-size", "abc", "tpic", "orders", "kafka.group.id", "g"),
                                Map.of(
                                        "SSE_PROXY_RETRY_MILLIS", "soon",
                                        "SSE_PROXY_BUFFER_SIZE", "1",
                                        "SSE_PROXY_KAFKA_FETCH_MAX_BYTES", "abc")))
                .getMessage();
        assertEquals("""
                5 settings are wrong:
                  init-param "buffer-size" = "abc": it is not a whole number; allowed is a whole number from 1 to 1000000
                  environment variable "SSE_PROXY_RETRY_MILLIS" = "soon": it is not a whole number; allowed is a whole \
                number from 0 to 3600000
                  environment variable "SSE_PROXY_KAFKA_FETCH_MAX_BYTES" = "abc": Not a number of type INT; allowed is a whole \
                number in [0,...]
                  init-param "kafka.group.id" = "g": it is refused, the servlet joins no consumer group
                  init-param "tpic" = "orders": there is no such setting; "topic" was probably meant""", message);
    }

    @Test
    void shouldKeepAValueOnOneLineAndShort() {
        String value = "x\r\n" + "y".repeat(500);
        assertFault(
                "colour",
                value,
                "x " + "y".repeat(198) + "...",
                "there is no such setting; allowed are the settings of docs/configuration.md and kafka.NAME");
    }

    @Test
    void shouldHideTheValueOfAMisspeltSecret() {
        String message = assertThrows(
                        SettingsException.class,
                        () -> Settings.read(Map.of("kafka-ssl-key-password", "hush"), Map.of()))
                .getMessage();
        assertEquals(
                "1 setting is wrong:\n  init-param \"kafka-ssl-key-password\" (value hidden): there is no such setting;"
                        + " allowed are the settings of docs/configuration.md and kafka.NAME",
                message);
    }

    private static void assertFault(String name, String value, String reason) {
        assertFault(name, value, value, reason);
    }

    private static void assertFault(String name, String value, String shown, String reason) {
        String message = assertThrows(SettingsException.class, () -> Settings.read(Map.of(name, value), Map.of()))
                .getMessage();
        assertEquals("1 setting is wrong:\n  init-param \"" + name + "\" = \"" + shown + "\": " + reason, message);
    }

    @Test
    void shouldKeepWhatIsSaidOfAValueOnOneLine() {
        assertFault("topic", "a\r\nb", "a b", "\"a b\" is not a topic name" + TOPICS);
        assertFault("allowed-origins", "a\nb", "a b", "\"a b\" is not an origin" + ORIGINS);
        assertFault("topic-roles", "a\nb", "a b", "\"a b\" is not of the form TOPIC=ROLE" + ROLES);
        assertFault("kafka.key.deserializer", "a\nb", "a b", "Class a b could not be found.");
        String built = assertThrows(
                        SettingsException.class,
                        () -> Settings.built(Map.of(), Map.of(), List.of("builder mapper \"a\nb\": password=\"hush\"")))
                .getMessage();
        assertEquals("1 setting is wrong:\n  builder mapper \"a b\": password=(hidden)", built);
    }

    /** What makes it known as a secret may be far away. */
    @Test
    void shouldHideSecretsInALongValue() {
        String filling = "x".repeat(5_000);
        for (String value : List.of(
                "https://ann:hush" + filling + "@host",
                filling + "password=hush",
                filling + "-password : hush",
                "{\"hush" + filling + "\":1}@a:hush@b")) {
            for (String name : List.of("position-event", "topic", "kafka-broker-url")) {
                String message = assertThrows(
                                SettingsException.class, () -> Settings.read(Map.of(name, value), Map.of()))
                        .getMessage();
                assertFalse(message.contains("hush"), message);
            }
        }
    }
}
