package com.opengrail.kafka.sse.internal.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PayerTurnsTest {
    private final PayerTurns<String> turns = new PayerTurns<>();

    @BeforeEach
    void add() {
        for (String each : List.of("a1", "a2", "a3", "b1", "c1", "c2")) {
            turns.add(each.substring(0, 1), each);
        }
    }

    private List<String> all() {
        List<String> all = new ArrayList<>();
        for (String next = turns.poll(); next != null; next = turns.poll()) {
            all.add(next);
        }
        assertTrue(turns.isEmpty());
        return all;
    }

    @Test
    void shouldTellTheOnlyPayer() {
        assertNull(turns.onlyPayer());
        turns.removeIf(each -> !each.startsWith("a"));
        assertEquals("a", turns.onlyPayer());
        turns.removeIf(each -> true);
        assertNull(turns.onlyPayer());
    }

    @Test
    void shouldGiveEachPayerATurn() {
        assertEquals(List.of("a1", "b1", "c1", "a2", "c2", "a3"), all());
        assertNull(turns.poll());
    }

    @Test
    void shouldLetAPayerThatComesAgainWaitForTheOthers() {
        turns.poll();
        turns.poll();
        turns.add("b", "b2");
        assertEquals(List.of("c1", "a2", "b2", "c2", "a3"), all());
    }

    /** Of a payer that may not have its first, thousands may wait. */
    @Test
    void shouldAskAboutTheFirstOfEachPayerAlone() {
        List<String> asked = new ArrayList<>();
        assertNull(turns.poll((payer, next) -> !asked.add(payer + next)));
        assertEquals(List.of("aa1", "bb1", "cc1"), asked);
        asked.clear();
        assertEquals("b1", turns.poll((payer, next) -> asked.add(payer + next) && payer.equals("b")));
        assertEquals(List.of("aa1", "bb1"), asked);
        assertEquals(List.of("a1", "c1", "a2", "c2", "a3"), all());
    }

    @Test
    void shouldForgetWhatIsGone() {
        assertTrue(turns.remove("a", "a1"));
        assertFalse(turns.remove("a", "a1"));
        assertTrue(turns.remove("b", "b1"));
        assertFalse(turns.remove("b", "b1"));
        turns.removeIf("c1"::equals);
        assertEquals(List.of("a2", "c2", "a3"), all());
    }

    @Test
    void shouldBeEmptyWhenAllIsGone() {
        turns.removeIf(any -> true);
        assertTrue(turns.isEmpty());
        assertNull(turns.poll());
    }
}
