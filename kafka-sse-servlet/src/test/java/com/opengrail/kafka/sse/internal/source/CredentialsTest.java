package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    @TempDir
    private Path folder;

    @Test
    void shouldNoticeThatAReferenceIsFilledInWithSomethingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("secrets"), "password=one\nother=1");
        Map<String, Object> properties = Map.of(
                "config.providers",
                "file",
                "config.providers.file.class",
                FileConfigProvider.class.getName(),
                SaslConfigs.SASL_JAAS_CONFIG,
                "Module required password=\"${file:" + file + ":password}\";");
        Credentials credentials = Credentials.read(properties);
        Files.writeString(file, "password=one\nother=2");
        assertFalse(credentials.haveChanged());
        Files.writeString(file, "password=two\nother=2");
        assertTrue(credentials.haveChanged());
        assertFalse(Credentials.read(properties).haveChanged());
        Files.delete(file);
        assertFalse(credentials.haveChanged(), "no client can be made");
        Files.writeString(file, "password=three");
        assertTrue(credentials.haveChanged());
    }

    @Test
    void shouldNoticeAnotherStoreOnTheSamePath() throws IOException {
        for (String store :
                List.of(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG)) {
            Path file = Files.writeString(folder.resolve(store), "a certificate");
            Credentials credentials = Credentials.read(Map.of(store, " " + file));
            assertFalse(credentials.haveChanged());
            FileTime before = Files.getLastModifiedTime(file);
            Files.writeString(file, "another certificate");
            Files.setLastModifiedTime(file, before);
            assertTrue(credentials.haveChanged(), store);
            Files.writeString(file, "b certificate");
            Files.setLastModifiedTime(file, FileTime.fromMillis(before.toMillis() + 1));
            assertTrue(credentials.haveChanged(), store);
            Files.setLastModifiedTime(file, before);
            assertFalse(credentials.haveChanged(), store);
        }
    }

    @Test
    void shouldNoticeAnotherStoreOnAPathThatAReferenceIsFilledInWith() throws IOException {
        Path one = Files.writeString(folder.resolve("one"), "a certificate");
        Path two = Files.writeString(folder.resolve("two"), "a certificate");
        FileTime written = Files.getLastModifiedTime(one);
        Files.setLastModifiedTime(two, written);
        Path file = Files.writeString(folder.resolve("secrets"), "store=" + one);
        Credentials credentials = Credentials.read(Map.of(
                "config.providers",
                "file",
                "config.providers.file.class",
                FileConfigProvider.class.getName(),
                SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG,
                "${file:" + file + ":store}"));
        assertFalse(credentials.haveChanged());
        Files.writeString(file, "store=" + two);
        assertTrue(credentials.haveChanged(), "another path");
        Files.writeString(file, "store=" + one);
        assertFalse(credentials.haveChanged());
        Files.writeString(one, "another certificate");
        assertTrue(credentials.haveChanged(), "another store");
    }

    /** It would be the working directory, which changes for many reasons. */
    @Test
    void shouldTakeABlankPathForNoStore() throws IOException {
        Credentials credentials = Credentials.read(Map.of(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, " "));
        Path working = Path.of("");
        FileTime before = Files.getLastModifiedTime(working);
        try {
            Files.setLastModifiedTime(working, FileTime.fromMillis(before.toMillis() - 1000));
            assertFalse(credentials.haveChanged());
        } finally {
            Files.setLastModifiedTime(working, before);
        }
    }

    /** It may be left over, with a protocol that does not use it. */
    @Test
    void shouldNoticeChangesBesideAStoreThatIsAway() throws IOException {
        Path used = Files.writeString(folder.resolve("used"), "a certificate");
        Credentials credentials = Credentials.read(Map.of(
                SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG,
                used.toString(),
                SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG,
                folder.resolve("away").toString()));
        assertFalse(credentials.haveChanged());
        Files.writeString(used, "another certificate");
        assertTrue(credentials.haveChanged());
    }

    @Test
    void shouldSeeNoChangeWhereEverythingIsInTheSettings() {
        Credentials credentials = Credentials.read(Map.of(SaslConfigs.SASL_JAAS_CONFIG, "a password"));
        assertFalse(credentials.haveChanged());
    }
}
