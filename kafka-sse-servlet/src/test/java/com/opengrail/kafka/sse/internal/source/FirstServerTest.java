package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FirstServerTest {
    private final Set<String> away = new HashSet<>();
    private final List<String> asked = new ArrayList<>();
    private final FirstServer first = new FirstServer(List.of("a:1", "b:2", "c:3", "d:4"), 2, server -> {
        asked.add(server);
        return !away.contains(server);
    });

    @Test
    void shouldGiveOneAfterTheOther() {
        assertEquals("c:3", first.next());
        assertEquals("d:4", first.next());
        assertEquals("a:1", first.next());
        assertEquals("b:2", first.next());
        assertEquals("c:3", first.next());
    }

    @Test
    void shouldLeaveOutThoseThatAcceptNoConnection() {
        away.addAll(List.of("c:3", "d:4"));
        assertEquals("a:1", first.next());
        assertEquals("b:2", first.next());
        assertEquals("a:1", first.next());
    }

    /** Somebody may wait for the client meanwhile. */
    @Test
    void shouldGiveAllIfTheFirstThreeAcceptNoConnection() {
        away.addAll(List.of("c:3", "d:4", "a:1"));
        assertEquals("a:1,b:2,c:3,d:4", first.next());
        assertEquals(List.of("c:3", "d:4", "a:1"), asked);
        assertEquals("b:2", first.next());
    }
}
