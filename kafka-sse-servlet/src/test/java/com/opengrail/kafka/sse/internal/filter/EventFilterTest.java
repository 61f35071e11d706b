package com.opengrail.kafka.sse.internal.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.ClientFilters;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EventFilterTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "customer; customer; true",
                "customer; customers; false",
                "customer; a customer; false",
                "cust.*; customer; true",
                "cust; customer; false",
                "a|b; b; true",
                "a|b; ab; false",
                "customer,order; order; true",
                "customer , order; order; true",
                "a\\,b; a,b; true",
                "a\\,b; a; false",
                "a\\\\,b; a\\; true",
                "a\\\\,b; b; true",
                "a{2\\,3}; aaa; true",
                "a{2\\,3}; a; false",
                "[x\\,y]; \",\"; true",
                "\\Qa.b\\,c\\E; a.b,c; true",
                "a\\.b; a.b; true",
                "a\\.b; axb; false",
                "a.b; axb; true",
                "(?i)order; ORDER; true",
                "\\pL+; Überweisung; true",
                "mess.ge; message; true",
                "[ ]x; \" x\"; true",
                "a\\x{2c}b; a,b; true",
                "😀.; 😀😀; true"
            })
    void shouldMatchTheWholeNameWithOneOfTheExpressions(String spec, String name, boolean passes) {
        assertEquals(passes, EventFilter.parse(spec).matches(name));
        assertEquals(passes, EventFilter.parse(spec).matches(name, () -> false), "where it can be given up");
    }

    /** They are compared in another way than short ones where others wait. */
    @ParameterizedTest
    @CsvSource({
        "ab, 100000, [ab]*, true",
        "ab, 100000, (ab)*, true",
        "ab, 100000, (aba)*, false",
        "ab, 100000, .*ba, false",
        "ab, 100000, .*bab, true",
        "a😀, 50000, (a😀)+, true",
        "a😀, 50000, (a.)+, true",
        "a😀, 50000, (a..)+, false",
        "ab, 100000, a, false",
        "ab, 100000, .*, true"
    })
    void shouldMatchTheSameLongNamesWhetherItCanBeGivenUpOrNot(String part, int times, String spec, boolean passes) {
        EventFilter filter = EventFilter.parse(spec);
        String name = part.repeat(times);
        assertEquals(passes, filter.matches(name));
        assertEquals(passes, filter.matches(name, () -> false));
    }

    @Test
    void shouldGiveUpALongNameWhereItTakesTooLong() {
        EventFilter filter = EventFilter.parse("(.*[0-9a-f].*)*(.?){30}!");
        AtomicInteger asked = new AtomicInteger();
        String name = "0".repeat(100_000);
        assertThrows(GaveUpException.class, () -> filter.matches(name, () -> asked.incrementAndGet() == 3));
        assertEquals(3, asked.get());
        assertTrue(filter.matches("0".repeat(200) + "!", () -> false), "nothing is left behind");
        assertFalse(filter.matches("0".repeat(200)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "a[; the expression \"\"a[\"\" is not valid: missing closing ]",
                "b,(a; the expression \"\"(a\"\" is not valid: missing closing )",
                "*; the expression \"\"*\"\" is not valid: missing argument to repetition operator",
                "a{1001}; the expression \"\"a{1001}\"\" is not valid: invalid repeat count",
                "a\\; the expression \"\"a\\\"\" is not valid: trailing backslash at end of expression",
                "(?=a); the expression \"\"(?=a)\"\" is not valid: invalid or unsupported Perl syntax",
                "(a)\\1; the expression \"\"(a)\\1\"\" is not valid: invalid escape sequence",
                "a{2,3}; \"the expression \"\"a{2\"\" is not valid: its repetition is not closed; "
                        + "a comma inside an expression is written \\,\"",
                "\",a\"; \"an empty expression in \"\",a\"\"\"",
                "\"a,,b\"; \"an empty expression in \"\"a,,b\"\"\"",
                "\"a, \"; \"an empty expression in \"\"a, \"\"\"",
            })
    void shouldNameTheBadExpressionAndWhy(String spec, String message) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> EventFilter.parse(spec));
        assertEquals(message.replace("\"\"", "\""), refusal.getMessage());
    }

    @Test
    void shouldKeepARefusalOnOneShortLine() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> EventFilter.parse("(\r\ndata: x" + "y".repeat(4000)))
                .getMessage();
        assertTrue(message.length() < 200, message);
        assertFalse(message.matches("(?s).*\\p{Cntrl}.*"), message);
    }

    @Test
    void shouldTakeARepeatedParameterAsOneFilter() {
        EventFilter filter = EventFilter.ofRequest(List.of("a,b", "c.*"), ClientFilters.REGEX);
        assertEquals(EventFilter.parse("c.*,b,a"), filter);
        assertTrue(filter.matches("a"));
        assertTrue(filter.matches("cd"));
        assertFalse(filter.matches("d"));
        assertThrows(IllegalArgumentException.class, () -> EventFilter.ofRequest(List.of(), ClientFilters.REGEX));
        assertThrows(
                IllegalArgumentException.class, () -> EventFilter.ofRequest(List.of("a", ""), ClientFilters.REGEX));
        assertThrows(IllegalArgumentException.class, () -> EventFilter.parse(" "));
    }

    @Test
    void shouldRecogniseWhatMatchesEverything() {
        assertTrue(EventFilter.all().matchesEverything());
        assertFalse(EventFilter.all().literalOnly());
        assertTrue(EventFilter.all().matches(""));
        assertSame(EventFilter.all(), EventFilter.parse(".*"));
        assertSame(EventFilter.all(), EventFilter.parse("a, .* ,b[c]"));
        assertFalse(EventFilter.parse(".+").matchesEverything());
        assertEquals(".*", EventFilter.all().toString());
    }

    @Test
    void shouldRecogniseLiterals() {
        EventFilter filter = EventFilter.parse("a\\.b,order placed,x\\\\y,a\\.b,p\\,q");
        assertTrue(filter.literalOnly());
        assertEquals(Set.of("a.b", "order placed", "x\\y", "p,q"), filter.literals());
        EventFilter mixed = EventFilter.parse("a,b.*");
        assertFalse(mixed.literalOnly());
        assertEquals(Set.of("a"), mixed.literals());
    }

    @Test
    void shouldBeEqualWhateverTheOrderAndRepetition() {
        EventFilter filter = EventFilter.parse("a,b.*,c");
        assertEquals(filter, EventFilter.parse("c,b.*,a,b.*, a"));
        assertEquals(filter.hashCode(), EventFilter.parse("c,b.*,a,b.*, a").hashCode());
        assertNotEquals(filter, EventFilter.parse("a,b.*"));
        assertNotEquals(EventFilter.parse("a.b"), EventFilter.parse("a\\.b"));
        assertEquals("a,b.*,c", EventFilter.parse("c,b.*,a").toString());
    }

    @Test
    void shouldLimitTheNumberOfExpressions() {
        String most = IntStream.range(0, NamePatterns.MAX_EXPRESSIONS)
                .mapToObj(i -> "e" + i + ".*")
                .collect(Collectors.joining(","));
        assertTrue(EventFilter.parse(most + ",e7.*").matches("e255-and-more"), "one is repeated");
        assertEquals(
                "more than 256 expressions",
                assertThrows(IllegalArgumentException.class, () -> EventFilter.parse(most + ",one.*"))
                        .getMessage());
    }

    /** An identifier for each thing that a page shows, for instance. */
    @ParameterizedTest
    @EnumSource(names = {"REGEX", "LITERAL"})
    void shouldTakeAsManyNamesAsARequestCanHold(ClientFilters allowed) {
        List<String> names = IntStream.range(0, 1000).mapToObj(i -> "o" + i).toList();
        EventFilter filter = EventFilter.ofRequest(List.of(String.join(",", names), "o1000"), allowed);
        assertEquals(1001, filter.literals().size());
        assertTrue(filter.literalOnly());
        assertTrue(filter.matches("o999"));
        assertFalse(filter.matches("o1001"));
    }

    @Test
    void shouldTakeAsManyNamesAsAlternatives() {
        String names = IntStream.range(0, 1000).mapToObj(i -> "o" + i).collect(Collectors.joining("|"));
        EventFilter filter = EventFilter.ofRequest(List.of(names), ClientFilters.REGEX);
        assertTrue(filter.matches("o999"));
        assertFalse(filter.matches("o1001"));
        // These are tried one after the other.
        assertThrows(
                IllegalArgumentException.class,
                () -> EventFilter.ofRequest(List.of(names.replace("|", ".*|")), ClientFilters.REGEX));
    }

    /** Java's hash codes of these names are equal. Filters with equal ones would be compared one after the other. */
    @Test
    void shouldHaveHashCodesThatNobodyCanForesee() {
        List<String> names = IntStream.range(0, 1 << 8)
                .mapToObj(i -> IntStream.range(0, 8)
                        .mapToObj(bit -> (i >> bit & 1) == 0 ? "Aa" : "BB")
                        .collect(Collectors.joining()))
                .toList();
        assertEquals(1, names.stream().map(String::hashCode).distinct().count());
        long differentNames = names.stream()
                .map(name -> EventFilter.parse(name).hashCode())
                .distinct()
                .count();
        long differentExpressions = names.stream()
                .map(name -> EventFilter.parse(name + "?").hashCode())
                .distinct()
                .count();
        assertTrue(differentNames > names.size() - 3 && differentExpressions > names.size() - 3);
    }
}
