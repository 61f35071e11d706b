package com.opengrail.kafka.sse.internal.settings;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ListDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deserializers that cannot be made stop the deployment. */
class DeserializerChecksTest {
    private static final String UNKNOWN =
            "this JVM does not know this encoding; allowed is UTF-8, ISO-8859-1 or another charset";

    private final Map<String, String> given = new HashMap<>(Map.of("topic", "t"));

    private void assertTaken() {
        assertDoesNotThrow(() -> Settings.read(given, Map.of()));
    }

    private void assertRefused(String fault) {
        SettingsException told = assertThrows(SettingsException.class, () -> Settings.read(given, Map.of()));
        assertEquals("1 setting is wrong:\n  init-param \"kafka." + fault, told.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"key.deserializer.encoding", "value.deserializer.encoding", "deserializer.encoding"})
    void shouldRefuseAnEncodingThatIsNone(String name) {
        for (String value : new String[] {"UTF-9", "", "a b", " ISO-8859-1"}) {
            given.put("kafka." + name, value);
            assertRefused(name + "\" = \"" + value + "\": " + UNKNOWN);
        }
        for (String value : new String[] {"ISO-8859-1", "latin1", " utf-8 "}) {
            given.put("kafka." + name, value);
            assertTaken();
        }
    }

    @Test
    void shouldNotLookAtAnEncodingThatNothingUses() {
        given.put("kafka.deserializer.encoding", "none");
        given.put("kafka.key.deserializer.encoding", "UTF-8");
        given.put("kafka.value.deserializer", ByteArrayDeserializer.class.getName());
        given.put("kafka.value.deserializer.encoding", "none");
        assertTaken();
    }

    @Test
    void shouldLeaveToProvidersWhatTheyFillIn() {
        given.put("kafka.config.providers", "file");
        given.put("kafka.config.providers.file.class", FileConfigProvider.class.getName());
        given.put("kafka.deserializer.encoding", "${file:/x:encoding}");
        given.put("kafka.key.deserializer", ListDeserializer.class.getName());
        given.put("kafka.default.list.key.serde.type", "${file:/x:type}");
        given.put("kafka.default.list.key.serde.inner", "${file:/x:inner}");
        assertTaken();
    }

    @ParameterizedTest
    @CsvSource({"key, value", "value, key"})
    void shouldRefuseAListWithoutItsClasses(String which, String other) {
        String type = "default.list." + which + ".serde.type";
        String inner = "default.list." + which + ".serde.inner";
        String name = which + ".deserializer\" = \"" + ListDeserializer.class.getName() + "\": it needs \"kafka.";
        given.put("kafka." + which + ".deserializer", ListDeserializer.class.getName());
        given.put("kafka.default.list." + other + ".serde.type", "no.such.Class");
        given.put("kafka." + type, "java.util.ArrayList");
        assertRefused(name + inner + "\", which is not set; allowed is a class such as"
                + " org.apache.kafka.common.serialization.Serdes$StringSerde");
        given.put("kafka." + inner, "no.such.Serde");
        assertRefused(inner + "\" = \"no.such.Serde\": Class no.such.Serde could not be found.");
        given.put("kafka." + inner, "org.apache.kafka.common.serialization.Serdes$StringSerde");
        assertTaken();
        given.remove("kafka." + type);
        assertRefused(name + type + "\", which is not set; allowed is a class such as java.util.ArrayList");
    }
}
