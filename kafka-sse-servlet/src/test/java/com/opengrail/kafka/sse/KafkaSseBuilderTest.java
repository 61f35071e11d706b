package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;

class KafkaSseBuilderTest {

    /** Nobody but this class can make one. */
    private static final class Hidden implements Deserializer<String> {
        @Override
        public String deserialize(String topic, byte[] data) {
            return "hidden";
        }
    }

    private static String faults(KafkaSse.Builder builder) {
        return assertThrows(IllegalArgumentException.class, builder::build).getMessage();
    }

    @Test
    void shouldBuildWithNothingSaid() {
        assertDoesNotThrow(() -> KafkaSse.builder().build().close());
    }

    @Test
    void shouldNameAllThatIsWrongInOneMessage() {
        String message = faults(KafkaSse.builder()
                .name("a name")
                .topics("orders", "no topic")
                .bootstrapServers("nowhere")
                .consumerProperty("group.id", "g")
                .consumerProperty("max.poll.records", 0)
                .keyDeserializer(StringDeserializer.class)
                .keyDeserializer(new StringDeserializer())
                .valueDeserializer(Hidden.class)
                .mapper("header-event")
                .eventFilter("(")
                .keepAlive(Duration.ofMillis(-1))
                .retry(Duration.ofSeconds(Long.MAX_VALUE))
                .stallTimeout(Duration.ofNanos(1))
                .windowBytes(1)
                .allowedTopics()
                .allowedOrigins("https://a.example,https://b.example"));
        assertTrue(message.startsWith("15 settings are wrong:\n"), message);
        for (String part : List.of(
                "builder name = \"a name\"",
                "builder \"topic\" = \"orders,no topic\": \"no topic\" is not a topic name",
                "builder \"kafka-broker-url\" = \"nowhere\"",
                "builder \"kafka.group.id\" = \"g\": it is refused",
                "builder \"kafka.max.poll.records\" = \"0\"",
                "builder keyDeserializer: it is given as a class and as an object",
                "builder \"kafka.value.deserializer\" = \"" + Hidden.class.getName() + "\": it is not a public class",
                "builder mapper \"header-event\": header-event needs an argument, the name of a header",
                "builder \"event-filter\" = \"(\"",
                "builder \"keep-alive-millis\" = \"-1\": it is out of range; allowed is a whole number from 0 to 3600000",
                "builder \"retry-millis\" = \"9223372036854775807\": it is out of range",
                "builder stallTimeout = PT0.000000001S: it is not a whole number of milliseconds",
                "builder \"window-bytes\" = \"1\"",
                "builder allowedTopics: it needs at least one argument",
                "builder allowedOrigins = \"https://a.example,https://b.example\": it has a comma")) {
            assertTrue(message.contains(part), () -> part + " is not in " + message);
        }
    }

    @Test
    void shouldRefuseNoTopics() {
        assertTrue(faults(KafkaSse.builder().topics()).contains("builder topics: it needs at least one argument"));
    }

    @Test
    void shouldTakeACommaOfAnExpressionAsItIs() {
        assertDoesNotThrow(() -> KafkaSse.builder()
                .eventFilter("a{1,2}", "b\\,c", "d\\\\")
                .allowedTopics("orders-[0-9]{1,3}")
                .build()
                .close());
    }

    @Test
    void shouldRefuseAStartBeforeTheEpochAndABlankValueAndNoMapperAtAll() {
        assertEquals(
                "1 setting is wrong:\n  builder startSince = 1969-12-31T23:59:59Z: it is before the epoch",
                faults(KafkaSse.builder().startSince(Instant.ofEpochSecond(-1))));
        assertEquals(
                "1 setting is wrong:\n  builder withoutDefaultMapper: it leaves no mapper",
                faults(KafkaSse.builder().withoutDefaultMapper()));
        assertTrue(faults(KafkaSse.builder().topics("")).contains("builder \"topic\" = \"\": it has an empty element"));
    }

    @Test
    void shouldTakeWhatIsSaidLast() {
        assertDoesNotThrow(() -> KafkaSse.builder()
                .startSince(Instant.ofEpochSecond(-1))
                .startAtEarliest()
                .topics()
                .topics("orders")
                .keepAlive(Duration.ofNanos(1))
                .keepAlive(Duration.ZERO)
                .valueDeserializer(Hidden.class)
                .valueDeserializer(LongDeserializer.class)
                .build()
                .close());
    }

    @Test
    void shouldTakeConsumerPropertiesThatAreNoText() {
        assertDoesNotThrow(() -> KafkaSse.builder()
                .consumerProperty("max.poll.records", 17)
                .consumerProperty("check.crcs", false)
                .consumerProperty("interceptor.classes", List.of())
                .consumerProperty("schema.registry.client", new Object())
                .build()
                .close());
    }

    @Test
    void shouldGiveANameToOneOpenEngineOnly() {
        KafkaSse first = KafkaSse.builder().name("named").build();
        KafkaSse second = KafkaSse.builder().name("named-2").build();
        assertEquals(
                "1 setting is wrong:\n  builder name = \"named\": another open engine has this name",
                faults(KafkaSse.builder().name("named")));
        first.close();
        assertDoesNotThrow(() -> KafkaSse.builder().name("named").build().close());
        second.close();
    }

    @Test
    void shouldKeepNoNameThatItRefuses() {
        assertThrows(
                IllegalArgumentException.class,
                () -> KafkaSse.builder().name("kept").windowBytes(1).build());
        assertDoesNotThrow(() -> KafkaSse.builder().name("kept").build().close());
    }

    @Test
    void shouldKeepNoNameWhereAnErrorEndsTheMaking() {
        Object failing = new Object() {
            @Override
            public String toString() {
                throw new OutOfMemoryError("for the test");
            }
        };
        KafkaSse.Builder builder = KafkaSse.builder().name("erring").consumerProperty("fetch.min.bytes", failing);
        assertThrows(OutOfMemoryError.class, builder::build);
        assertDoesNotThrow(() -> KafkaSse.builder().name("erring").build().close());
    }

    @Test
    void shouldRefuseNull() {
        KafkaSse.Builder builder = KafkaSse.builder();
        assertEquals(
                "mapper == null",
                assertThrows(NullPointerException.class, () -> builder.mapper((SseEventMapper) null))
                        .getMessage());
        assertThrows(NullPointerException.class, () -> builder.consumerProperty("check.crcs", null));
        assertThrows(NullPointerException.class, () -> builder.name(null));
        assertThrows(NullPointerException.class, () -> builder.retry(null));
        assertThrows(NullPointerException.class, () -> builder.eventFilter("a", null));
    }
}
