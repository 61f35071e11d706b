package com.opengrail.kafka.sse.internal.settings;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka makes no store of settings that contradict each other. */
class StoreChecksTest {

    /** Of pairs such as {@code keystore.location=/a}. */
    private static Map<String, String> given(String pairs) {
        Map<String, String> given = new HashMap<>(Map.of(
                "topic", "t",
                "kafka.security.protocol", "SSL",
                "kafka.config.providers", "file",
                "kafka.config.providers.file.class", FileConfigProvider.class.getName()));
        for (String pair : pairs.split(" ")) {
            given.put("kafka.ssl." + pair.split("=")[0], pair.split("=")[1]);
        }
        return given;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keystore.location=/a | keystore.location\" = \"/a\": it needs \"kafka.ssl.keystore.password\","
                        + " which is not set",
                "keystore.password=p | keystore.password\" (value hidden): it needs \"kafka.ssl.keystore.location\","
                        + " which is not set",
                "truststore.password=p | truststore.password\" (value hidden): it needs"
                        + " \"kafka.ssl.truststore.location\", which is not set",
                "keystore.location=/a keystore.type=PEM keystore.password=p"
                        + " | keystore.password\" (value hidden): a store of type PEM has none",
                "truststore.location=/a truststore.type=PEM truststore.password=p"
                        + " | truststore.password\" (value hidden): a store of type PEM has none",
                "keystore.type=PEM keystore.key=k | keystore.key\" (value hidden): it needs"
                        + " \"kafka.ssl.keystore.certificate.chain\", which is not set",
                "keystore.type=PEM keystore.certificate.chain=c | keystore.certificate.chain\" (value hidden): it needs"
                        + " \"kafka.ssl.keystore.key\", which is not set",
                "truststore.certificates=c | truststore.certificates\" (value hidden): allowed is to set it with the"
                        + " type PEM in \"kafka.ssl.truststore.type\"",
                "truststore.certificates=c truststore.type=PEM truststore.location=/a | truststore.location\" = \"/a\":"
                        + " it cannot be combined with \"kafka.ssl.truststore.certificates\"",
            })
    void shouldRefuseSettingsOfAStoreThatContradictEachOther(String pairs, String fault) {
        SettingsException told = assertThrows(SettingsException.class, () -> Settings.read(given(pairs), Map.of()));
        assertEquals("1 setting is wrong:\n  init-param \"kafka.ssl." + fault, told.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keystore.location=/a keystore.password=p",
                "keystore.location=/a keystore.type=PEM",
                "keystore.location=/a keystore.type=${file:/a:t}",
                "keystore.location=/a keystore.password=${file:/a:p}",
                "keystore.password=p keystore.location=${file:/a:l}",
                "keystore.type=PEM keystore.key=k keystore.certificate.chain=${file:/a:c}",
                "keystore.type=PEM keystore.key=k keystore.certificate.chain=c key.password=p",
                "truststore.location=/a",
                "truststore.location=/a truststore.password=p",
                "truststore.certificates=c truststore.type=PEM",
                "truststore.certificates=c truststore.type=${file:/a:t}",
            })
    void shouldTakeSettingsOfAStoreThatGoTogether(String pairs) {
        assertDoesNotThrow(() -> Settings.read(given(pairs), Map.of()));
    }
}
