package com.opengrail.kafka.sse.internal.settings;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.Configuration;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.apache.kafka.common.security.authenticator.DefaultLogin;
import org.apache.kafka.common.security.authenticator.SaslClientCallbackHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A log-in that can never begin stops the deployment. */
@Isolated("The JVM has one configuration of log-ins")
class LogInChecksTest {
    private static final String PACKAGE = "org.apache.kafka.common.security.";
    private static final String PLAIN = PACKAGE + "plain.PlainLoginModule required";
    private static final String SCRAM = PACKAGE + "scram.ScramLoginModule required";
    private static final String OAUTH = PACKAGE + "oauthbearer.OAuthBearerLoginModule required";
    private static final String USER = " username=\"ann\" password=\"hush\";";
    private static final String HANDLER = PACKAGE + "oauthbearer.OAuthBearerLoginCallbackHandler";

    private final Map<String, String> given = new HashMap<>(Map.of("kafka.security.protocol", "SASL_SSL"));

    @AfterEach
    void forgetTheLogInOfTheJvm() {
        System.clearProperty("java.security.auth.login.config");
        Configuration.setConfiguration(null);
    }

    private void with(String name, String value) {
        given.put("kafka." + name, value);
    }

    private void withLogIn(String mechanism, String jaas) {
        with("sasl.mechanism", mechanism);
        with("sasl.jaas.config", jaas);
    }

    private void assertTaken() {
        assertDoesNotThrow(() -> Settings.read(given, Map.of()));
    }

    private void assertRefused(String fault) {
        SettingsException told = assertThrows(SettingsException.class, () -> Settings.read(given, Map.of()));
        assertEquals("1 setting is wrong:\n  " + fault, told.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GSSAPI", "PLAIN", "SCRAM-SHA-512", "OAUTHBEARER", "OWN"})
    void shouldRefuseSaslWithoutALogIn(String mechanism) {
        with("sasl.mechanism", mechanism);
        with("sasl.login.callback.handler.class", HANDLER);
        assertRefused("init-param \"kafka.security.protocol\" = \"SASL_SSL\": it needs a log-in; allowed is to set"
                + " \"kafka.sasl.jaas.config\", or to give the JVM an entry \"KafkaClient\" with the system property"
                + " java.security.auth.login.config");
    }

    @Test
    void shouldTakeTheLogInOfTheJvm() {
        System.setProperty("java.security.auth.login.config", "/no/such/file/yet");
        assertTaken();
        System.clearProperty("java.security.auth.login.config");
        Configuration.setConfiguration(new Configuration() {
            @Override
            public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
                return name.equals("KafkaClient") ? new AppConfigurationEntry[0] : null;
            }
        });
        assertTaken();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SCRAM-SHA-513 | " + PLAIN + " | PLAIN",
                "plain | " + PLAIN + " | PLAIN",
                "GSSAPI | " + PLAIN + " | PLAIN",
                "OAUTHBEARER | " + PLAIN + " | PLAIN",
                "GSSAPI | " + SCRAM + " | SCRAM-SHA-256 or SCRAM-SHA-512",
                "SCRAM-SHA-1 | " + SCRAM + " | SCRAM-SHA-256 or SCRAM-SHA-512",
                "PLAIN | " + OAUTH + " | OAUTHBEARER",
                "SCRAM-SHA-256 | " + OAUTH + " | OAUTHBEARER",
            })
    void shouldRefuseAMechanismThatTheLogInModuleCannotBeUsedWith(String mechanism, String module, String allowed) {
        withLogIn(mechanism, module + USER);
        assertRefused("init-param \"kafka.sasl.mechanism\" = \"" + mechanism
                + "\": the log-in module of \"kafka.sasl.jaas.config\" cannot be used with it; allowed is " + allowed);
    }

    @Test
    void shouldSayThatTheDefaultMechanismIsMeantWhereNoneIsGiven() {
        with("sasl.jaas.config", PLAIN + USER);
        assertRefused("kafka.sasl.mechanism: the log-in module of \"kafka.sasl.jaas.config\" cannot be used with"
                + " GSSAPI, the default; allowed is PLAIN");
    }

    /** The JVM has a client for PLAIN, and the module gives it the user. A module of one's own may register any. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PLAIN | " + PLAIN,
                "SCRAM-SHA-256 | " + SCRAM,
                "SCRAM-SHA-512 | " + SCRAM,
                "OAUTHBEARER | " + OAUTH,
                "PLAIN | " + SCRAM,
                "DIGEST-MD5 | " + PLAIN,
                "OWN | com.sun.security.auth.module.KeyStoreLoginModule required",
                "PLAIN | com.sun.security.auth.module.KeyStoreLoginModule required",
            })
    void shouldTakeAMechanismThatMayWork(String mechanism, String module) {
        withLogIn(mechanism, module + USER);
        assertTaken();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "username=\"ann\"; | password",
                "password=\"hush\"; | username",
                "; | username and password",
                "tokenauth=\"true\"; | username and password",
            })
    void shouldRefuseALogInWithoutUserOrPassword(String options, String missing) {
        String fault = "init-param \"kafka.sasl.jaas.config\" (value hidden): its log-in module needs the options"
                + " username and password; missing is " + missing;
        withLogIn("PLAIN", PLAIN + " " + options);
        assertRefused(fault);
        withLogIn("SCRAM-SHA-512", SCRAM + " " + options);
        assertRefused(fault);
    }

    @Test
    void shouldLeaveTheUserToAHandlerOfOnesOwn() {
        withLogIn("PLAIN", PLAIN + ";");
        with("sasl.client.callback.handler.class", SaslClientCallbackHandler.class.getName());
        assertTaken();
    }

    @Test
    void shouldLeaveTheRestToALogInOrAProviderOfOnesOwn() {
        withLogIn("OWN", PLAIN + ";");
        with("sasl.login.class", DefaultLogin.class.getName());
        assertTaken();
        given.remove("kafka.sasl.login.class");
        with("security.providers", "org.example.Own");
        assertTaken();
    }

    @Test
    void shouldLeaveToProvidersWhatTheyFillIn() {
        with("config.providers", "file");
        with("config.providers.file.class", FileConfigProvider.class.getName());
        withLogIn("${file:/x:mechanism}", SCRAM + ";");
        assertTaken();
        withLogIn("PLAIN", "${file:/x:jaas}");
        assertTaken();
        withLogIn("PLAIN", PLAIN + ";");
        with("sasl.client.callback.handler.class", "${file:/x:handler}");
        assertTaken();
    }

    @Test
    void shouldRefuseAKerberosLogInWithoutTheServiceOfTheBrokers() {
        String module = "com.sun.security.auth.module.Krb5LoginModule required";
        withLogIn("GSSAPI", module + ";");
        assertRefused("kafka.sasl.kerberos.service.name: GSSAPI needs it, or the option serviceName in"
                + " \"kafka.sasl.jaas.config\"; allowed is the first part of the brokers' principal, such as kafka");
        withLogIn("GSSAPI", module + " serviceName=\"kafka\";");
        assertTaken();
        withLogIn("GSSAPI", module + ";");
        with("sasl.kerberos.service.name", "kafka");
        assertTaken();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "ftp://a/token", "a:8080/token", "//a/token", ""})
    void shouldRefuseWhatIsNoUrlOfTokens(String url) {
        withLogIn("OAUTHBEARER", OAUTH + " clientId=\"ann\" clientSecret=\"hush\";");
        with("sasl.oauthbearer.jwks.endpoint.url", url);
        assertTaken();
        with("sasl.login.callback.handler.class", HANDLER);
        assertRefused("init-param \"kafka.sasl.oauthbearer.jwks.endpoint.url\" = \"" + url
                + "\": it is not a URL; allowed is one that begins with https:, http: or file:");
        with("sasl.oauthbearer.jwks.endpoint.url", "file:/no/such/file");
        with("sasl.oauthbearer.token.endpoint.url", "https://a/token");
        assertTaken();
        with("sasl.oauthbearer.token.endpoint.url", url);
        assertRefused("init-param \"kafka.sasl.oauthbearer.token.endpoint.url\" (value hidden): it is not a URL;"
                + " allowed is one that begins with https:, http: or file:");
    }

    @Test
    void shouldLookAtNoLogInWithoutSasl() {
        with("security.protocol", "SSL");
        withLogIn("OWN", "nonsense");
        assertTaken();
    }
}
