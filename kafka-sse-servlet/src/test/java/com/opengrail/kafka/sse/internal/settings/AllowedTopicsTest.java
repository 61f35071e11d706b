package com.opengrail.kafka.sse.internal.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowedTopicsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "orders; orders; true",
                "orders; orders2; false",
                "orders.eu; orders.eu; true",
                "orders.eu; orders-eu; false",
                "orders[.-]eu; orders-eu; true",
                "orders-.*; orders-eu; true",
                "orders-.*; my-orders-eu; false",
                "a , b|c; c; true",
                "a{2\\,3}; aaa; true",
                ".*; anything; true",
                "(?i)orders; ORDERS; true",
                "orders; ORDERS; false",
                "orders\\.eu; orders.eu; true",
                "orders\\.eu; orders-eu; false",
                ".*; _schemas; false",
                "_.*; __consumer_offsets; false",
                "orders|__consumer_offsets; __consumer_offsets; false",
                "orders|a b; orders; true",
                ".*,_schemas; _schemas; true",
                ".*; my_orders; true"
            })
    void shouldAllowWholeNames(String list, String topic, boolean allowed) {
        assertEquals(allowed, AllowedTopics.parse(list).allows(topic));
    }

    @Test
    void shouldAllowNothingWhereNothingIsAllowed() {
        assertTrue(AllowedTopics.NONE.isEmpty());
        assertFalse(AllowedTopics.NONE.allows("a"));
        assertFalse(AllowedTopics.NONE.with(List.of("a")).isEmpty());
        assertTrue(AllowedTopics.NONE.with(List.of("a")).allows("a"));
        assertEquals(AllowedTopics.NONE, AllowedTopics.NONE.with(List.of()));
    }

    @Test
    void shouldTakeAnyNumberOfNames() {
        List<String> many = IntStream.range(0, 1000).mapToObj(i -> "t" + i).toList();
        assertTrue(
                AllowedTopics.parse("x.*," + String.join(",", many)).with(many).allows("t999"));
    }

    @Test
    void shouldRefuseWhatCouldNeverBeATopic() {
        assertThrows(IllegalArgumentException.class, () -> AllowedTopics.parse("no topic"));
        assertThrows(IllegalArgumentException.class, () -> AllowedTopics.parse("a/b"));
    }

    @Test
    void shouldBeEqualWhateverTheOrder() {
        assertEquals(AllowedTopics.parse("a,b.*"), AllowedTopics.parse("b.*,a"));
        assertEquals(
                AllowedTopics.parse("a,b.*").hashCode(),
                AllowedTopics.parse("b.*,a").hashCode());
        assertEquals("a,b.*", AllowedTopics.parse("b.*,a").names().toString());
    }
}
