package com.opengrail.kafka.sse.internal.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.log.Secrets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaPropertiesTest {
    private static final String LOG_IN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required" + " username=\"ann\" password=\"hush\";";

    @Test
    void shouldSetItsOwnDefaults() {
        String strings = StringDeserializer.class.getName();
        assertEquals(
                Map.of(
                        "bootstrap.servers", "localhost:9092",
                        "isolation.level", "read_committed",
                        "metadata.max.age.ms", "30000",
                        "allow.auto.create.topics", "false",
                        "key.deserializer", strings,
                        "value.deserializer", strings,
                        "enable.auto.commit", "false",
                        "auto.offset.reset", "none"),
                Settings.read(Map.of(), Map.of()).consumerProperties());
    }

    @Test
    void shouldPassPropertiesOnFromBothSources() {
        Settings settings = Settings.read(
                Map.of("topic", "t", "kafka.isolation.level", "read_uncommitted", "kafka.client.id", "mine"),
                Map.of(
                        "SSE_PROXY_KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                        "SSE_PROXY_KAFKA_SASL_MECHANISM", "PLAIN",
                        "SSE_PROXY_KAFKA_SASL_JAAS_CONFIG", LOG_IN,
                        "SSE_PROXY_KAFKA_ISOLATION_LEVEL", "read_committed",
                        "SSE_PROXY_KAFKA_METADATA_MAX_AGE_MS", "1000",
                        "SSE_PROXY_KAFKA_SSL_ENDPOINT_IDENTIFICATION_ALGORITHM", "",
                        "SSE_PROXY_KAFKA_MY_INTERCEPTOR_COLOUR", "red"));
        Map<String, Object> properties = settings.consumerProperties();
        assertEquals("read_uncommitted", properties.get("isolation.level"));
        assertEquals("mine", properties.get("client.id"));
        assertEquals("SASL_SSL", properties.get("security.protocol"));
        assertEquals("1000", properties.get("metadata.max.age.ms"));
        assertEquals("", properties.get("ssl.endpoint.identification.algorithm"));
        assertEquals("red", properties.get("my.interceptor.colour"));
        assertEquals(List.of(), settings.warnings());
    }

    /** Otherwise a property could not be given by a variable. */
    @Test
    void shouldBeAbleToNameEachPropertyOfTheConsumerByAVariable() {
        for (String name : ConsumerConfig.configNames()) {
            assertTrue(name.matches("[a-z0-9.]+"), name);
        }
    }

    @Test
    void shouldGiveAConsumerWhatItAccepts() {
        Map<String, Object> properties = new HashMap<>(Settings.read(
                        Map.of(
                                "kafka.security.protocol", "SASL_SSL",
                                "kafka.sasl.mechanism", "PLAIN",
                                "kafka.sasl.jaas.config", LOG_IN,
                                "kafka.fetch.max.bytes", "1000"),
                        Map.of())
                .consumerProperties());
        ConsumerConfig config = new ConsumerConfig(properties);
        assertEquals(1000, config.getInt("fetch.max.bytes"));
        assertFalse(config.getBoolean("enable.auto.commit"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "group.id | g | it is refused, the servlet joins no consumer group",
                "enable.auto.commit | true | it is refused, the servlet commits no offsets",
                "bootstrap.servers | a:1 | it is refused, the brokers are set by \"kafka-broker-url\"",
                "fetch.max.bytes | abc | Not a number of type INT; allowed is a whole number in [0,...]",
                "fetch.max.bytes | -1 | Value must be at least 0",
                "check.crcs | maybe | Expected value to be either true or false",
                "value.deserializer | no.Such | Class no.Such could not be found.",
                "max.poll.records |  | Not a number of type INT; allowed is a whole number in [1,...]",
                "max.poll.records | 0 | Value must be at least 1",
                "send.buffer.bytes | x | Not a number of type INT; allowed is a whole number in [-1,...]",
                "sasl.login.refresh.window.factor | x | Not a number of type DOUBLE; allowed is a number in [0.5,...,1.0]",
            })
    void shouldStopAtWhatCannotWork(String name, String value, String reason) {
        String given = value == null ? "" : value;
        assertEquals(
                "1 setting is wrong:\n  init-param \"kafka." + name + "\" = \"" + given + "\": " + reason,
                fault(Map.of("kafka." + name, given), Map.of()));
        String variable = "SSE_PROXY_KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_');
        assertEquals(
                "1 setting is wrong:\n  environment variable \"" + variable + "\" = \"" + given + "\": " + reason,
                fault(Map.of(), Map.of(variable, given)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auto.offset.reset", "auto.commit.interval.ms", "exclude.internal.topics", "group.instance.id",
                "group.protocol", "group.remote.assignor", "partition.assignment.strategy", "session.timeout.ms",
                "heartbeat.interval.ms", "max.poll.interval.ms", "share.acknowledgement.mode", "share.acquire.mode"
            })
    void shouldWarnOfAndLeaveOutWhatHasNoEffect(String name) {
        Settings settings = Settings.read(Map.of("topic", "t", "kafka." + name, "1"), Map.of());
        assertEquals(1, settings.warnings().size());
        String warning = settings.warnings().get(0);
        assertTrue(warning.startsWith("init-param \"kafka." + name + "\" has no effect: "), warning);
        assertFalse("1".equals(settings.consumerProperties().get(name)));
    }

    @Test
    void shouldPassOnButWarnOfWhatLooksMisspelt() {
        Settings settings = Settings.read(
                Map.of("topic", "t", "kafka.securty.protocol", "SSL", "kafka.fetch_max_bytes", "1"),
                Map.of("SSE_PROXY_KAFKA_BROKER_URLS", "a:1"));
        assertEquals("SSL", settings.consumerProperties().get("securty.protocol"));
        assertEquals(
                List.of(
                        "environment variable \"SSE_PROXY_KAFKA_BROKER_URLS\" is not a property of the Kafka consumer and"
                                + " is passed on unchanged; \"kafka-broker-url\" was probably meant",
                        "init-param \"kafka.fetch_max_bytes\" is not a property of the Kafka consumer and"
                                + " is passed on unchanged; \"fetch.max.bytes\" was probably meant",
                        "init-param \"kafka.securty.protocol\" is not a property of the Kafka consumer and"
                                + " is passed on unchanged; \"security.protocol\" was probably meant"),
                settings.warnings());
    }

    @Test
    void shouldNotCheckWhatAConfigProviderFillsIn() {
        String reference = "${file:/etc/kafka.properties:size}";
        Settings settings = Settings.read(
                Map.of("topic", "t", "kafka.config.providers", "file", "kafka.fetch.max.bytes", reference), Map.of());
        assertEquals(reference, settings.consumerProperties().get("fetch.max.bytes"));
        assertThrows(
                SettingsException.class, () -> Settings.read(Map.of("kafka.fetch.max.bytes", reference), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssl.keystore.password",
                "ssl.key.password",
                "ssl.keystore.key",
                "sasl.jaas.config",
                "sasl.oauthbearer.client.credentials.client.secret",
                "sasl.oauthbearer.assertion.private.key.passphrase",
                "basic.auth.user.info",
                "schema.registry.api.key"
            })
    void shouldNeverShowASecret(String name) {
        assertTrue(Secrets.isSecret(name));
        assertTrue(Secrets.isSecret(
                "SSE_PROXY_KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_')));
        assertFalse(Settings.read(Map.of("kafka." + name, "hush"), Map.of())
                .toString()
                .contains("hush"));
    }

    @Test
    void shouldUseTheValueThatWasChecked() {
        Settings settings = Settings.read(
                Map.of(
                        "kafka.metadata.max.age.ms", " 30000 ",
                        "kafka.fetch.max.wait.ms", "+250",
                        "kafka.check.crcs", " TRUE",
                        "kafka.isolation.level", " read_committed\n",
                        "kafka.of.a.deserializer", " as it is "),
                Map.of());
        Map<String, Object> properties = settings.consumerProperties();
        assertEquals("30000", properties.get("metadata.max.age.ms"));
        assertEquals("250", properties.get("fetch.max.wait.ms"));
        assertEquals("true", properties.get("check.crcs"));
        assertEquals("read_committed", properties.get("isolation.level"));
        assertEquals(" as it is ", properties.get("of.a.deserializer"));
    }

    @Test
    void shouldNotTakeTheNamesOfConfigProvidersForMisspeltOnes() {
        Settings settings = Settings.read(
                Map.of(
                        "topic",
                        "t",
                        "kafka.config.providers",
                        "file",
                        "kafka.config.providers.file.class",
                        "org.apache.kafka.common.config.provider.FileConfigProvider"),
                Map.of());
        assertEquals(List.of(), settings.warnings());
    }

    @Test
    void shouldHideASecretThatKafkaRefuses() {
        assertEquals(
                "1 setting is wrong:\n  init-param \"kafka.sasl.login.callback.handler.class\" = \"no.Such\":"
                        + " Class no.Such could not be found.",
                fault(Map.of("kafka.sasl.login.callback.handler.class", "no.Such"), Map.of()));
        assertEquals(
                "init-param \"kafka.ssl.key.password\" (value hidden)",
                new Given(Given.Origin.INIT_PARAM, "kafka.ssl.key.password", "hush", null).shown());
    }

    private static String fault(Map<String, String> initParams, Map<String, String> environment) {
        return assertThrows(SettingsException.class, () -> Settings.read(initParams, environment))
                .getMessage();
    }
}
