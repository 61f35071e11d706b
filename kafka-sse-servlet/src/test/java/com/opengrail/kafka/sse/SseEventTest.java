package com.opengrail.kafka.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class SseEventTest {

    @Test
    void shouldEqualAnEventOfTheSameTextHoweverItIsHeld() {
        SseEvent text = SseEvent.of("é", "data");
        SseEvent bytes = SseEvent.ofUtf8("é".getBytes(UTF_8), "data".getBytes(UTF_8));
        assertEquals(text, bytes);
        assertEquals(text.hashCode(), bytes.hashCode());
        assertEquals(SseEvent.empty(), SseEvent.of(null, null));
    }

    @Test
    void shouldDifferByNameAndByData() {
        SseEvent event = SseEvent.of("name", "data");
        assertNotEquals(event, event.withName("other"));
        assertNotEquals(event, event.withName(null));
        assertNotEquals(event, event.withData("other"));
        assertNotEquals(event, event.withData(null));
        assertNotEquals(SseEvent.of("a", null), SseEvent.of(null, "a"));
        assertNotEquals(event, "SseEvent[name=name, data=data]");
    }
}
