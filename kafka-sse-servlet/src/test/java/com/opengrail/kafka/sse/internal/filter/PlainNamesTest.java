package com.opengrail.kafka.sse.internal.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.opengrail.kafka.sse.ClientFilters;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ordinary expressions cost next to nothing, so they do not count as those do that have to be evaluated. */
class PlainNamesTest {
    private static final List<String> PARTS =
            List.of("a", "b", "ab", "é", "\uD83D\uDE00", " ", ".", ".*", "|", "\\", "\\.", "\\|", "*", "(", ")", "[a]");

    private static String random(Random random, int most) {
        return IntStream.range(0, random.nextInt(most + 1))
                .mapToObj(i -> PARTS.get(random.nextInt(PARTS.size())))
                .collect(Collectors.joining());
    }

    @Test
    void shouldMatchWhatTheExpressionMatches() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int plain = 0;
        for (int i = 0; i < 100_000; i++) {
            String expression = random(random, 5);
            PlainNames names = new PlainNames();
            if (!names.add(expression, 100)) {
                assertTrue(names.literals().isEmpty() && names.expressions().isEmpty(), expression);
                continue;
            }
            plain++;
            String name = random(random, 4);
            try {
                assertEquals(
                        Pattern.matches(expression, name),
                        names.contains(name),
                        () -> "\"" + expression + "\" and \"" + name + "\", seed " + seed);
            } catch (PatternSyntaxException e) {
                throw new AssertionError("\"" + expression + "\" is taken and not valid, seed " + seed, e);
            }
        }
        assertTrue(plain > 10_000, "plain: " + plain);
    }

    @Test
    void shouldSeeThroughAlternatives() {
        PlainNames names = new PlainNames();
        assertTrue(names.add("order-.*|.*-paid|invoice|a\\|b", 4));
        assertEquals(Set.of(), names.literals(), "those that are listed");
        assertEquals(Set.of("order-.*|.*-paid|invoice|a\\|b"), names.expressions());
        assertTrue(names.contains("order-") && names.contains("was-paid") && names.contains("a|b"));
        assertFalse(names.contains("order") || names.contains("a") || names.contains("invoices"));
    }

    @Test
    void shouldLeaveManyBeginningsAndEndsToRe2() {
        PlainNames names = new PlainNames();
        assertTrue(names.add("a.*|.*b", 3));
        assertFalse(names.add("c.*|.*d", 3));
        assertFalse(names.contains("c"));
        assertTrue(names.add("c.*", 3) && names.add("d.*", 3), "they are single ones");
        assertTrue(names.add("d|e|f|g", 3) && names.add("h", 3), "names are looked up");
        assertEquals(Set.of("a.*|.*b", "c.*", "d.*", "d|e|f|g"), names.expressions());
    }

    @Test
    void shouldLeaveOthersAlone() {
        for (String other : List.of("a|(b|c)", "[a|b]", "a.b", "a+|b", ".*a.*", "(?i)a", "^a", "a\\d", "a\\.*|b?")) {
            PlainNames names = new PlainNames();
            assertFalse(names.add(other, 100), other);
            assertEquals(Set.of(), names.literals(), other);
            assertEquals(Set.of(), names.expressions(), other);
        }
    }

    @Test
    void shouldTakeListsOfOrdinaryLength() {
        String beginnings = IntStream.range(0, 100)
                .mapToObj(i -> "customer-created-in-region-" + i)
                .collect(Collectors.joining(".*,", "", ".*"));
        assertTrue(EventFilter.ofRequest(List.of(beginnings), ClientFilters.REGEX)
                .matches("customer-created-in-region-42-north"));
        assertTrue(EventFilter.ofRequest(List.of(beginnings.replace(".*", "*")), ClientFilters.LITERAL)
                .matches("customer-created-in-region-42-north"));
        String alternatives = IntStream.range(0, 100)
                .mapToObj(i -> "customer-created-in-region-" + i)
                .collect(Collectors.joining("|"));
        EventFilter filter = EventFilter.ofRequest(List.of(alternatives), ClientFilters.REGEX);
        assertTrue(filter.matches("customer-created-in-region-99"));
        assertFalse(filter.matches("customer-created-in-region-100"));
    }
}
