package com.opengrail.kafka.sse.internal.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.log.Secrets;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sasl.pwd",
                "sasl.pwd2",
                "sasl.pwd.2",
                "db_passwd",
                "proxy.pass",
                "aws.access.key.id",
                "awsSecretAccessKey",
                "accessKey",
                "api-key",
                "registry.apikey",
                "basic.auth.user.info",
                "oauth.refresh_token",
                "azure.connection.string",
                "session.jwt",
                "value.decryption.key",
                "aes.key",
                "aesKey",
                "aes.keys",
                "aes.key.2",
                "aes_key2",
                "x.kek",
                "tls.privkey",
                "signing.private",
                "registry.auth",
                "ssl.keystore.pasword",
                "ssl.keystore.passwrd",
                "ssl.key.pasword",
                "sasl.jass.config",
                "client.sercet",
                "oauth.tokne",
                "api_kye.apikye",
                "my.encryptionkey",
                "signingkey",
                "masterkey",
                "sharedkey",
                "accountkey",
                "authkey",
                "sshkey",
                "cipherkey",
                "passkey",
                "keypass",
                "storepass",
                "userpass",
                "dbpwd",
                "tls.psk",
                "url.hmac",
                "login.otp",
                "url.signature",
                "url.sig",
                "registry.bearer",
                "registry.creds",
                "registry.cred",
                "value.dek",
                "pincode",
                "registry.auth.header",
                "http.headers",
                "ldap.bindpw",
                "bindpw",
                "rootpw",
                "registry.basicauth",
                "basicAuth",
                "client.assertion",
                "oauth.client_assertion",
                "ldap.pwhash",
                "passhash",
                "ssl.pass_phrase",
                "pass-phrase",
                "oauth.code",
                "auth_code",
                "authcode",
                "login.totp"
            })
    void shouldKnowTheNamesOfSecrets(String name) {
        assertTrue(Secrets.isSecret(name));
        assertTrue(Secrets.isSecret("kafka." + name));
    }

    /** Kafka's ConfigException quotes what it refuses. */
    @Test
    void shouldHideWhatKafkaCallsAnInvalidValue() {
        assertEquals(
                "Invalid value (hidden) for configuration my.registry.user.info: too short",
                Secrets.hideIn("Invalid value for me for configuration my.registry.user.info: too short"));
        assertEquals(
                "Invalid value x for configuration fetch.max.bytes: no number",
                Secrets.hideIn("Invalid value x for configuration fetch.max.bytes: no number"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "key.deserializer",
                "topic",
                "window-bytes",
                "compression",
                "ssl.truststore.location",
                "fetch.max.bytes",
                "client.id",
                "specific.avro.reader",
                "bypass",
                "allowed-topics",
                "kafka-broker-url",
                "default.key.serde",
                "partition.assignment.strategy",
                "auto.offset.reset",
                "author",
                "group.id",
                "monkey",
                "auth.type",
                "max.poll.records",
                "metadata.max.age.ms",
                "key-deserializer",
                "ssl.keystore.type",
                "ssl.keystore.location",
                "signature.algorithm",
                "allowed-headers",
                "topic.partitions",
                "interceptor.classes",
                "hotkey",
                "compass.direction",
                "session.timeout.ms",
                "sasl.oauthbearer.scope",
                "auth.codec",
                "error.code",
                "country.code",
                "client.assertion.type",
                "basicauth.enabled",
                "phrase",
                "hash.algorithm"
            })
    void shouldShowWhatIsNone(String name) {
        assertFalse(Secrets.isSecret(name));
    }

    @Test
    void shouldShowEachSettingOfTheServlet() {
        for (Setting setting : Setting.values()) {
            assertFalse(Secrets.isSecret(setting.initParam()), setting.initParam());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ann:hush@registry:8081",
                "https://ann:hu/hush@registry:8081,http://b",
                "https://hush@registry",
                "ann:hush@registry:8081",
                "http://registry?x=1&access_token=hush&y",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=ann password=\"a hush\";",
                "password=\"a hush\"",
                "client_secret: hush",
                "-----BEGIN RSA PRIVATE KEY----- hush",
                "Bearer hushhushhush",
                "eyJhbGciOiJIUzI1NiJ9.hush",
                "AccountName=ann;AccountKey=hush+/==;EndpointSuffix=x",
                "Endpoint=sb://a/;SharedAccessKeyName=ann;SharedAccessKey=hush=",
                "private-key=hush",
                "decryptionKey: hush",
                "scott/hush@host",
                "scott/hu/hush@host:1521/x",
                "jdbc:oracle:thin:scott/hush@//host:1521/x",
                "jdbc:oracle:thin:scott/hush@[::1]:1521:x",
                "{\"password\":\"hush\"}",
                "{\"secret\" : \"hush\"}",
                "{\\\"password\\\":\\\"a hush\\\"}",
                "{\"passwords\": [\"a\", \"hush\"]}",
                "password=ab}hush",
                "password=}hush",
                "password=\"ab\\\nhush\"",
                "{\"apiKey\":\"a\\\"hush\"}",
                "{'token': 'hush'}",
                "{\"pin\": 12, \"my.pass\": \"hush\"}",
                "com.x.Foo required user=a pass=hush;",
                "pass:hush",
                "pw=hush",
                "pin=hush",
                "Authorization: ApiKey hush",
                "{\"Authorization\": \"ApiKey hush\"}",
                "https://h/?key=hush",
                "https://h/?x=1&auth=hush",
                "https://h/?x=1&api.key=hush#a",
                "uri=ldap://h bindpw=hush",
                "{\"bindpw\": \"a hush\"}",
                "pass_phrase=hush",
                "ssl.pass-phrase: 'a hush'",
                "credentials=(ann, hush)",
                "credentials = (ann,\"a hush\")",
                "password=(a)hush",
                "password=[a]hush",
                "<password>a hush</password>",
                "<ns:password type=\"text\">hush</ns:password>",
                "<bindpw>hush</bindpw>",
                "<Client-Secret><![CDATA[a <hush>]]></Client-Secret>",
                "password => hush",
                "'password' => 'a hush',",
                "pass => hush",
                "bindpw=>hush",
                "Authorization => ApiKey hush"
            })
    void shouldHideWhatAValueHoldsOfSecrets(String value) {
        assertFalse(Secrets.hideIn(value).contains("hush"), Secrets.hideIn(value));
    }

    /** A message about a record may name its key. In a setting it is more likely to be a secret. */
    @ParameterizedTest
    @ValueSource(
            strings = {"key=hush", "my.key = 'a hush'", "{\"key\":\"hush\"}", "x;auth=hush", "https://h/?otp=hush"})
    void shouldHideMoreInTheValueOfASetting(String value) {
        assertFalse(Secrets.hideInValue(value).contains("hush"), Secrets.hideInValue(value));
        for (String name : new String[] {"kafka.x.setting", "kafka.client.rack", "topic", "kafka.fetch.max.bytes"}) {
            assertFalse(shown(name, value).contains("hush"), () -> shown(name, value));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.ssl.keystore.pasword",
                "kafka.sasl.jass.config",
                "kafka.sasl.jaa.config",
                "kafka.ssl.keystore.certificate.chian",
                "SSE_PROXY_KAFKA_SASL_JAS_CONFIG",
                "sasl-jaa-config",
                "pasword",
                "ssl.key.pasword",
                "kafka_ssl_key_pasword"
            })
    void shouldHideTheValueOfAMisspeltSecret(String name) {
        assertFalse(shown(name, "hush").contains("hush"), () -> shown(name, "hush"));
    }

    @Test
    void shouldShowHarmlessPropertiesOfKafka() {
        for (String name : new String[] {
            "client.rack",
            "max.poll.records",
            "metadata.max.age.ms",
            "key.deserializer",
            "ssl.keystore.type",
            "ssl.keystore.location",
            "ssl.truststore.location",
            "sasl.mechanism",
            "ssl.keymanager.algorithm"
        }) {
            Given given = new Given(Given.Origin.INIT_PARAM, "kafka." + name, "a", null);
            assertFalse(given.isSecret(), name);
            assertFalse(new Given(Given.Origin.INIT_PARAM, name.replace('.', '-'), "a", null).isSecret(), name);
        }
        for (Setting setting : Setting.values()) {
            assertFalse(new Given(Given.Origin.INIT_PARAM, setting.initParam(), "a", null).isSecret());
        }
    }

    private static String shown(String name, String value) {
        Map<String, String> initParams = Map.of("topic", "t");
        Map<String, String> variables = Map.of();
        if (name.startsWith("SSE")) {
            variables = Map.of(name, value);
        } else {
            initParams = Map.of(name, value);
        }
        try {
            Settings settings = Settings.read(initParams, variables);
            return settings.effective() + " " + settings.warnings();
        } catch (SettingsException e) {
            return e.getMessage();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a:1,b:2",
                "orders,pay.+",
                "https://a.org",
                "[::1]:9092",
                "(?i)token.*",
                "basic",
                "https://a.org/x",
                "a/b",
                "orders/@?",
                "/etc/kafka@2/x",
                "key=a",
                "a@b",
                "record with key=order-4711 of pass-through-0@12",
                "all pass: none failed",
                "Topic authorization failed",
                "org.apache.kafka.common.serialization.StringDeserializer",
                "https://h/?offset=0&event=a",
                "partition key: order-4711",
                "Cannot read [pins-0, keys-1, passes-2]",
                "Unexpected <token> at 3, expected </a>",
                "<topic>orders</topic>",
                "orders => payments",
                "a mapper (orders, payments)",
                "upward: none"
            })
    void shouldShowTheRestAsItIs(String value) {
        assertEquals(value, Secrets.hideIn(value));
    }

    @Test
    void shouldCutALongTextBetweenWordsSoThatNoPasswordLosesItsHost() {
        String words = "no secret ".repeat(399);
        assertEquals(words + "at …", Secrets.hideIn(words + "at https://ann:hush@example.org"));
        assertEquals(" …", Secrets.hideIn("x".repeat(4_001)));
        String value = "Invalid value " + "hush ".repeat(900) + "for configuration my.password";
        assertEquals("at  …", Secrets.hideIn("at " + value));
        assertEquals("x".repeat(4_000), Secrets.hideIn("x".repeat(4_000)));
    }

    @Test
    void shouldHideSecretsOfAFailureAndOfItsCauses() {
        IllegalStateException cause = new IllegalStateException("at https://ann:hush@example.org/subjects");
        RuntimeException failure = new RuntimeException("no schema", cause);
        cause.addSuppressed(new IOException("password=hush", failure));
        StringWriter text = new StringWriter();
        Secrets.hideIn(failure).printStackTrace(new PrintWriter(text));
        assertFalse(text.toString().contains("hush"), text::toString);
        assertTrue(text.toString().contains("java.lang.RuntimeException: no schema"), text::toString);
        assertTrue(text.toString().contains("java.lang.IllegalStateException: at https://"), text::toString);
        assertTrue(text.toString().contains("java.io.IOException: password="), text::toString);
        assertTrue(text.toString().contains("SecretsTest.shouldHideSecretsOfAFailure"), text::toString);
    }

    /** A record may have written it. Java's stack is not to end there. */
    @Test
    void shouldReadNamesOfAnyLength() {
        String name = "key" + ".1".repeat(1_900);
        assertTrue(Secrets.isSecret(name));
        assertFalse(
                Secrets.hideIn("Invalid value hush for configuration " + name).contains("hush"));
    }

    @Test
    void shouldHideInvalidValuesWhereTheyAreRepeated() {
        String text = "Invalid value hush for configuration x.password, no enum constant HUSH; hushed: a thing";
        assertEquals(
                "Invalid value (hidden) for configuration x.password, no enum constant (hidden); hushed: a thing",
                Secrets.hideIn(text));
        assertEquals(
                "Invalid value (hidden) for configuration x.password, a thing",
                Secrets.hideIn("Invalid value a for configuration x.password, a thing"));
    }

    @Test
    void shouldLogAFailureWithoutSecretsAsItIs() {
        RuntimeException failure = new RuntimeException("no schema", new IOException("no route"));
        assertSame(failure, Secrets.hideIn(failure));
    }

    @Test
    void shouldHideThemInMessagesToo() {
        String message = assertThrows(
                        SettingsException.class,
                        () -> Settings.read(
                                Map.of("kafka-broker-url", "https://ann:hush@a:1", "colour", "ann:hush@b"), Map.of()))
                .getMessage();
        assertFalse(message.contains("hush"), message);
        String effective = Settings.read(Map.of("kafka.schema.registry.url", "http://ann:hush@a"), Map.of())
                .effective()
                .toString();
        assertTrue(effective.contains("kafka.schema.registry.url = http://(hidden)@a"), effective);
    }
}
