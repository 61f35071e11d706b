package com.opengrail.kafka.sse.internal.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Accept | taken | named
                "''                                            | true  | false",
                "text/event-stream                             | true  | true",
                "Text/Event-Stream;charset=utf-8               | true  | true",
                "text/html, text/event-stream;q=0.1            | true  | true",
                "text/event-stream;q=0                         | false | false",
                "text/event-stream;q=0.000                     | false | false",
                "text/event-stream;q=0.001                     | true  | true",
                "text/event-stream; Q = 0, */*                 | false | false",
                "text/*;q=0, text/event-stream                 | true  | true",
                "text/*;q=0, */*                               | false | false",
                "text/*                                        | true  | false",
                "*/*                                           | true  | false",
                "*/*;q=0                                       | false | false",
                "text/html                                     | false | false",
                "text/event-streams                            | false | false",
                "', ,text/event-stream,'                       | true  | true",
            })
    void shouldFollowTheMostSpecificRange(String accept, boolean taken, boolean named) {
        assertAccept("Accept: " + accept, taken, named);
    }

    @ParameterizedTest
    @CsvSource({
        "text/html, text/event-stream, true, true",
        "text/event-stream;q=0, */*, false, false",
        "text/html, application/json, false, false"
    })
    void shouldReadAllHeaders(String first, String second, boolean taken, boolean named) {
        assertAccept("Accept: " + first + "\nAccept: " + second, taken, named);
    }

    @ParameterizedTest
    @CsvSource({"8000, true", "9000, false"})
    void shouldLookAtABoundedHeader(int length, boolean taken) {
        assertAccept("Accept: text/event-stream," + "x".repeat(length), taken, taken);
    }

    private static void assertAccept(String headers, boolean taken, boolean named) {
        assertEquals(taken, Accept.takesEventStream(FuzzedRequest.of(headers)), headers);
        assertEquals(named, Accept.namesEventStream(FuzzedRequest.of(headers)), headers);
    }
}
