package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.provider.FileConfigProvider;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeserializersTest {
    @TempDir
    Path folder;

    private final Map<String, Object> properties = new HashMap<>();

    @BeforeEach
    void haveAFile() throws IOException {
        Path file = folder.resolve("kafka.properties");
        Files.writeString(file, "type=" + IntegerDeserializer.class.getName() + "\nlatin=ISO-8859-1\nutf=UTF-8\n");
        properties.put("config.providers", "file");
        properties.put("config.providers.file.class", FileConfigProvider.class.getName());
        properties.put("key.deserializer", "${file:" + file + ":type}");
        properties.put("value.deserializer.encoding", "${file:" + file + ":latin}");
    }

    /** One that cannot be configured. */
    public static final class Unusable implements Deserializer<String> {
        private static final AtomicInteger OPEN = new AtomicInteger();

        public Unusable() {
            OPEN.incrementAndGet();
        }

        @Override
        public void configure(Map<String, ?> properties, boolean isKey) {
            throw new IllegalStateException("no registry");
        }

        @Override
        public String deserialize(String topic, byte[] data) {
            return "";
        }

        @Override
        public void close() {
            OPEN.decrementAndGet();
        }
    }

    /** It is made again at each attempt to follow a topic. */
    @Test
    void shouldCloseADeserializerThatCannotBeConfigured() {
        properties.put("value.deserializer", Unusable.class);
        KafkaException refused =
                assertThrows(KafkaException.class, () -> deserializers().ofValues());
        assertInstanceOf(IllegalStateException.class, refused.getCause());
        assertEquals(0, Unusable.OPEN.get());
    }

    private Deserializers deserializers() {
        return new Deserializers(properties, null, null);
    }

    @Test
    void shouldTakeTheClassFromAConfigProvider() {
        assertInstanceOf(IntegerDeserializer.class, deserializers().ofKeys());
    }

    @Test
    void shouldTakeTheEncodingFromAConfigProvider() {
        byte[] latin = "ü".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals("ü", deserializers().ofValues().deserialize("orders", latin));
        properties.computeIfPresent(
                "value.deserializer.encoding", (name, given) -> given.toString().replace("latin", "utf"));
        assertNull(deserializers().ofValues());
    }
}
