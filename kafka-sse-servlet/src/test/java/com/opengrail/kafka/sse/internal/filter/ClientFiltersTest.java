package com.opengrail.kafka.sse.internal.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        assertEquals(passes, ClientFilters.LITERAL.parse(List.of(filter)).matches(name));
    }

    @Test
    void shouldTakeExpressions() {
        assertTrue(ClientFilters.REGEX.parse(List.of("o.der")).matches("order"));
    }

    @Test
    void shouldTakeNoFilterWhereThereIsToBeNone() {
        assertThrows(IllegalArgumentException.class, () -> ClientFilters.NONE.parse(List.of("a")));
    }

    @Test
    void shouldBoundWhatStrangersSendMoreThanWhatAnOperatorSets() {
        String large = "(a?){300}b";
        assertFalse(EventFilter.parse(large).matches("c"));
        assertThrows(IllegalArgumentException.class, () -> ClientFilters.REGEX.parse(List.of(large)));
        assertThrows(
                IllegalArgumentException.class, () -> ClientFilters.REGEX.parse(List.of("(a?){100}b", "(c?){100}b")));
        assertTrue(ClientFilters.REGEX
                .parse(List.of("order[.](created|changed|shipped),customer.*,(?i)invoice-[0-9]{1\\,8}"))
                .matches("order.shipped"));
    }
}
