package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FirstServerTest {
    private static final List<String> FOUR = List.of("a:1", "b:2", "c:3", "d:4");

    private final Set<String> away = new HashSet<>();
    private final List<String> asked = new ArrayList<>();
    private final FirstServer first = new FirstServer(1, server -> {
        asked.add(server);
        return !away.contains(server);
    });

    private void assertNext(String server) {
        assertEquals(Optional.of(server), first.next(FOUR));
    }

    @Test
    void shouldGiveOneAfterTheOther() {
        for (String server : List.of("c:3", "d:4", "a:1", "b:2", "c:3")) {
            assertNext(server);
        }
    }

    @Test
    void shouldLeaveOutThoseThatAcceptNoConnection() {
        away.addAll(List.of("c:3", "d:4"));
        assertNext("a:1");
        assertNext("b:2");
        assertNext("a:1");
    }

    /** Somebody may wait for the client meanwhile. */
    @Test
    void shouldGiveNoneIfThreeAcceptNoConnection() {
        away.addAll(List.of("c:3", "d:4", "a:1"));
        assertEquals(Optional.empty(), first.next(FOUR));
        assertEquals(List.of("c:3", "d:4", "a:1"), asked);
        assertNext("b:2");
    }

    @Test
    void shouldAskEachOnceIfThereAreTwo() {
        away.addAll(FOUR);
        assertEquals(Optional.empty(), first.next(FOUR.subList(0, 2)));
        assertEquals(List.of("a:1", "b:2"), asked);
    }

    @Test
    void shouldGiveNoneIfThereIsNoChoice() {
        assertEquals(Optional.empty(), first.next(List.of("a:1")));
        assertEquals(Optional.empty(), first.next(List.of()));
    }
}
