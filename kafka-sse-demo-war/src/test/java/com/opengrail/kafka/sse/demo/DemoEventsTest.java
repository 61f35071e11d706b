package com.opengrail.kafka.sse.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DemoEventsTest {

    @Test
    void all_three_kinds_come_up_each_with_a_JSON_object() {
        Clock clock = Clock.fixed(Instant.parse("2026-11-23T10:00:00Z"), ZoneOffset.UTC);
        DemoEvents events = new DemoEvents(new Random(1), clock);
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < 100; i++) {
            DemoEvents.Event event = events.next();
            names.add(event.name());
            assertTrue(event.json().matches("\\{\"id\":\\d+,.*}"), event.json());
            assertTrue(event.json().lines().count() == 1, event.json());
        }
        assertEquals(Set.of("customer", "order", "product-campaign"), names);
    }
}
