package com.opengrail.kafka.sse.internal.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.ClientFilters;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientFiltersTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "order; order; true",
                "order; orders; false",
                "order*; orders; true",
                "order*; order; true",
                "o.der; order; false",
                "o.der; o.der; true",
                "o*der; o*der; true",
                "o*der; oder; false",
                "(a|b)*; (a|b)c; true",
                "a\\,b; a,b; true",
                "a\\,b*; a,bc; true",
                "*; anything; true",
                "a,b*; bc; true"
            })
    void shouldTakeLiteralsAsTheyAre(String filter, String name, boolean passes) {
        assertEquals(
                passes,
                EventFilter.ofRequest(List.of(filter), ClientFilters.LITERAL).matches(name));
    }

    @Test
    void shouldTakeExpressions() {
        assertTrue(EventFilter.ofRequest(List.of("o.der"), ClientFilters.REGEX).matches("order"));
    }

    @Test
    void shouldTakeNoFilterWhereThereIsToBeNone() {
        assertThrows(IllegalArgumentException.class, () -> EventFilter.ofRequest(List.of("a"), ClientFilters.NONE));
    }

    @Test
    void shouldBoundWhatStrangersSendMoreThanWhatAnOperatorSets() {
        String large = "(a?){300}b";
        assertFalse(EventFilter.parse(large).matches("c"));
        assertThrows(IllegalArgumentException.class, () -> EventFilter.ofRequest(List.of(large), ClientFilters.REGEX));
        assertThrows(
                IllegalArgumentException.class,
                () -> EventFilter.ofRequest(List.of("(a?){100}b", "(c?){100}b"), ClientFilters.REGEX));
        assertTrue(EventFilter.ofRequest(
                        List.of("order[.](created|changed|shipped),customer.*,(?i)invoice-[0-9]{1\\,8}"),
                        ClientFilters.REGEX)
                .matches("order.shipped"));
    }
}
