package com.opengrail.kafka.sse.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {

    @ParameterizedTest
    @CsvSource({
        "topic, topic, 0",
        "'', topic, 5",
        "tpic, topic, 1",
        "toppic, topic, 1",
        "tobic, topic, 1",
        "topci, topic, 1",
        "tpoic, topic, 1",
        "otpic, topic, 1",
        "otpci, topic, 2",
        "ca, abc, 3",
        "kitten, sitting, 3"
    })
    void shouldCountWhatHasToBeChanged(String given, String meant, int expected) {
        assertEquals(expected, Spelling.distance(given, meant));
        assertEquals(expected, Spelling.distance(meant, given));
    }
}
