package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StreamOptionsTest {

    @Test
    void shouldLeaveEverythingToTheRequestByDefault() {
        StreamOptions defaults = StreamOptions.defaults();
        assertTrue(defaults.topics().isEmpty());
        assertTrue(defaults.events().isEmpty());
        assertTrue(defaults.until().isEmpty());
        assertTrue(defaults.check().isEmpty());
    }

    @Test
    void shouldKeepWhatItIsGivenAndNeverChange() {
        List<String> topics = new ArrayList<>(List.of("orders", " a,b "));
        Instant end = Instant.parse("2026-11-26T12:00:00Z");
        StreamOptions named = StreamOptions.defaults().withTopics(topics);
        topics.clear();
        StreamOptions all = named.withUntil(end).withCheck(() -> false).withEvents(event -> event.name() == null);
        assertEquals(List.of("orders", " a,b "), all.topics());
        assertEquals(Optional.of(end), all.until());
        assertEquals(Optional.of(false), all.check().map(check -> check.getAsBoolean()));
        assertEquals(Optional.of(true), all.events().map(wanted -> wanted.test(SseEvent.empty())));
        assertTrue(named.until().isEmpty());
        assertTrue(StreamOptions.defaults().topics().isEmpty());
    }

    @Test
    void shouldRefuseNullAndAnEmptyList() {
        StreamOptions defaults = StreamOptions.defaults();
        assertThrows(IllegalArgumentException.class, () -> defaults.withTopics(List.of()));
        assertThrows(NullPointerException.class, () -> defaults.withTopics(null));
        assertThrows(NullPointerException.class, () -> defaults.withEvents(null));
        assertThrows(NullPointerException.class, () -> defaults.withUntil(null));
        assertThrows(NullPointerException.class, () -> defaults.withCheck(null));
    }
}
