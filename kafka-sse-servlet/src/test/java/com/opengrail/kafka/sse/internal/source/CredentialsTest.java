package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
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
        Credentials credentials = new Credentials(Map.of(
                "config.providers",
                "file",
                "config.providers.file.class",
                FileConfigProvider.class.getName(),
                SaslConfigs.SASL_JAAS_CONFIG,
                "Module required password=\"${file:" + file + ":password}\";"));
        credentials.areBeingRead();
        Files.writeString(file, "password=one\nother=2");
        assertFalse(credentials.haveChanged());
        Files.writeString(file, "password=two\nother=2");
        assertTrue(credentials.haveChanged());
        assertTrue(credentials.haveChanged(), "until a client is made");
        credentials.areBeingRead();
        assertFalse(credentials.haveChanged());
        Files.delete(file);
        assertFalse(credentials.haveChanged(), "no client can be made");
        Files.writeString(file, "password=three");
        assertTrue(credentials.haveChanged());
    }

    @Test
    void shouldNoticeAnotherStoreOnTheSamePath() throws IOException {
        for (String store :
                new String[] {SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG}) {
            Path file = Files.writeString(folder.resolve(store), "a certificate");
            Credentials credentials = new Credentials(new HashMap<>(Map.of(store, " " + file)));
            credentials.areBeingRead();
            assertFalse(credentials.haveChanged());
            FileTime before = Files.getLastModifiedTime(file);
            Files.writeString(file, "another certificate");
            Files.setLastModifiedTime(file, before);
            assertTrue(credentials.haveChanged(), store);
            credentials.areBeingRead();
            Files.setLastModifiedTime(file, FileTime.fromMillis(before.toMillis() + 1));
            assertTrue(credentials.haveChanged(), store);
        }
    }

    @Test
    void shouldSeeNoChangeWhereEverythingIsInTheSettings() {
        Credentials credentials = new Credentials(Map.of(SaslConfigs.SASL_JAAS_CONFIG, "a password"));
        credentials.areBeingRead();
        assertFalse(credentials.haveChanged());
    }
}
