package com.opengrail.kafka.sse.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SseParserTest {

    /** The first ones are the examples of the standard. */
    static List<Arguments> streams() {
        return List.of(
                Arguments.of("data: YHOO\ndata: +2\ndata: 10\n\n", "[|message|YHOO\n+2\n10]"),
                Arguments.of(
                        ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
                        "{ test stream}[1|message|first event][|message|second event][|message| third event]"),
                Arguments.of("data\n\ndata\ndata\n\ndata:", "[|message|][|message|\n]"),
                Arguments.of("data:test\n\ndata: test\n\n", "[|message|test][|message|test]"),
                Arguments.of("data: a\r\rdata: b\r\n\r\ndata: c\n\n", "[|message|a][|message|b][|message|c]"),
                Arguments.of("data: a\r\ndata: b\rdata: c\ndata: d\n\r\n", "[|message|a\nb\nc\nd]"),
                Arguments.of("\uFEFFdata: a\n\n\uFEFFdata: b\n\n", "[|message|a]"),
                Arguments.of("\uFEFF\uFEFFdata: a\n\n", ""),
                Arguments.of("event: x\ndata: a\n\ndata: b\n\n", "[|x|a][|message|b]"),
                Arguments.of("event: x\n\ndata: b\n\n", "[|message|b]"),
                Arguments.of("id: 7\n\n:\ndata: b\n\n", "{}[7|message|b]"),
                Arguments.of("id: 7\ndata: a\n\nid: 8\0\ndata: b\n\n", "[7|message|a][7|message|b]"),
                Arguments.of("id: 7\ndata: a\n\nid\ndata: b\n\n", "[7|message|a][|message|b]"),
                Arguments.of("retry: 1500\nretry: 1x\nretry:\nretry: -1\nretry: +1\nretry:  2\nretry: ١\n", "(1500)"),
                Arguments.of("Data: a\n data: b\ndata : c\nfoo: d\n\n", ""),
                Arguments.of("data: not dispatched\nid: 3\n", ""),
                Arguments.of("data: Grüße 😀 \u2028x\u0085y\n\n", "[|message|Grüße 😀 \u2028x\u0085y]"),
                Arguments.of("data: a:b: c\n\n:::\n", "[|message|a:b: c]{::}"));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void shouldFollowTheStandardHoweverTheBytesAreCut(String stream, String expected) {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        for (int part = 1; part <= bytes.length; part++) {
            List<String> seen = new ArrayList<>();
            SseParser parser = new SseParser(recorder(seen));
            for (int at = 0; at < bytes.length; at += part) {
                parser.feed(bytes, at, Math.min(part, bytes.length - at));
            }
            assertEquals(expected, String.join("", seen));
        }
    }

    static List<Arguments> lastEventIds() {
        return List.of(
                Arguments.of("id: 1\ndata: a\n\n", "1"),
                Arguments.of("id: 1\n\n", "1"),
                Arguments.of("id: 1\n", ""),
                Arguments.of("id: 1\n\nid: 2\ndata: x\n", "1"),
                Arguments.of("id: 1\n\nid\n\n", ""),
                Arguments.of("id: 1\n\nid: a\0b\n\n", "1"));
    }

    @ParameterizedTest
    @MethodSource("lastEventIds")
    void shouldMoveTheLastEventIdAtTheEndOfABlockOnly(String stream, String expected) {
        SseParser parser = new SseParser(recorder(new ArrayList<>()));
        parser.feed(stream.getBytes(StandardCharsets.UTF_8));
        assertEquals(expected, parser.lastEventId());
    }

    private static SseParser.Listener recorder(List<String> seen) {
        return new SseParser.Listener() {
            @Override
            public void event(String lastEventId, String type, String data) {
                seen.add("[" + lastEventId + "|" + type + "|" + data + "]");
            }

            @Override
            public void retry(long millis) {
                seen.add("(" + millis + ")");
            }

            @Override
            public void comment(String text) {
                seen.add("{" + text + "}");
            }
        };
    }
}
