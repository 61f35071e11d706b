package com.opengrail.kafka.sse.internal.mapper;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.SseEventMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mapper {@code trace}. The rules are those of W3C Trace Context. */
class TraceMapperTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final SseEventMapper TRACE = MapperList.mapper("trace");
    private static final String WITHOUT = "{\"value\":1}";

    private static ConsumerRecord<String, String> record(byte[] parent, byte[] state) {
        ConsumerRecord<String, String> record = new ConsumerRecord<>("orders", 0, 1, "k", "v");
        if (parent != null) {
            record.headers().add("traceparent", parent);
        }
        if (state != null) {
            record.headers().add("tracestate", state);
        }
        return record;
    }

    private static String mapped(String data, ConsumerRecord<String, String> record) {
        List<SseEvent> events = new ArrayList<>();
        TRACE.map(record, SseEvent.of("name", data), events::add);
        assertEquals(1, events.size());
        assertEquals("name", events.get(0).name());
        return events.get(0).data();
    }

    private static String withHeaders(String parent, String state) {
        return mapped("1", record(bytes(parent), bytes(state)));
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(UTF_8);
    }

    @Test
    void shouldPutTheContextBesideTheData() {
        ConsumerRecord<String, String> record = record(bytes(PARENT), bytes("vendor=a:b, other@x=1"));
        String context = "{\"traceparent\":\"" + PARENT + "\",\"tracestate\":\"vendor=a:b, other@x=1\",\"value\":";
        assertEquals(context + "{\"id\":17}}", mapped("{\"id\":17}", record));
        assertEquals(context + "\"plain\"}", mapped("plain", record));
        assertEquals(context + "\"1},\\\"x\\\":{\"}", mapped("1},\"x\":{", record));
        assertEquals(context + "null}", mapped(null, record));
    }

    @Test
    void shouldHaveTheSameShapeWithoutAContext() {
        assertEquals(WITHOUT, withHeaders(null, null));
        assertEquals("{\"traceparent\":\"" + PARENT + "\",\"value\":1}", withHeaders(PARENT, null));
    }

    @Test
    void shouldTakeTheLastOfSeveralHeaders() {
        ConsumerRecord<String, String> record = record(bytes("first"), null);
        record.headers().add("traceparent", bytes(PARENT)).add("Traceparent", bytes("other"));
        assertEquals("{\"traceparent\":\"" + PARENT + "\",\"value\":1}", mapped("1", record));
        record.headers().add("traceparent", null);
        assertEquals(WITHOUT, mapped("1", record));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n",
                " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-\"},\u2028",
                "00-4bf92f3577b34da6a3ce929d0e0e473\u0664-00f067aa0ba902b7-01"
            })
    void shouldLeaveOutAParentThatIsNotValidAndTheStateWithIt(String parent) {
        assertEquals(WITHOUT, withHeaders(parent, "vendor=1"));
    }

    @Test
    void shouldPassOnALaterVersion() {
        for (String later : List.of("01" + PARENT.substring(2), "cc" + PARENT.substring(2) + "-what:the\"future=has")) {
            assertTrue(withHeaders(later, null).startsWith("{\"traceparent\":\"" + later.replace("\"", "\\\"") + "\""));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " , ",
                "novalue",
                "=v",
                "k=",
                "K=v",
                "k=a=b",
                "k=v\r\nevent: x",
                "k=v\u0000",
                "k=\u00e9",
                "k=v,\u00a0,l=w"
            })
    void shouldLeaveOutAStateThatIsNotValidAlone(String state) {
        assertEquals("{\"traceparent\":\"" + PARENT + "\",\"value\":1}", withHeaders(PARENT, state));
    }

    @Test
    void shouldBoundWhatItPassesOn() {
        String members = IntStream.range(0, 32).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
        assertTrue(withHeaders(PARENT, members).contains(members));
        assertTrue(withHeaders(PARENT, ", \t," + members + ",").contains("k31=v"));
        assertEquals(withHeaders(PARENT, null), withHeaders(PARENT, members + ",one=more"));
        String longest = "a=" + "x".repeat(254) + ",b=" + "y".repeat(253);
        assertEquals(512, longest.length());
        assertTrue(withHeaders(PARENT, longest).contains(longest));
        assertEquals(withHeaders(PARENT, null), withHeaders(PARENT, longest + "y"));
        assertEquals(WITHOUT, withHeaders("01" + PARENT.substring(2) + "-" + "x".repeat(1_000_000), null));
    }

    @Test
    void shouldMakeOneValueOfJsonWhateverTheHeadersHold() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] parent = ("0" + random.nextInt(3) + PARENT.substring(2) + "-").getBytes(ISO_8859_1);
            byte[] state = "k=v,l=w".getBytes(ISO_8859_1);
            parent[random.nextInt(parent.length)] = (byte) random.nextInt();
            state[random.nextInt(state.length)] = (byte) random.nextInt();
            String data = mapped("x", record(parent, state));
            assertTrue(Json.isValue(data), data + ", seed " + seed);
            assertTrue(data.chars().allMatch(c -> c >= ' ' && c <= '~'), data + ", seed " + seed);
        }
    }
}
