package com.opengrail.kafka.sse.internal.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.opengrail.kafka.sse.ClientFilters;
import com.opengrail.kafka.sse.StreamOptions;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import com.opengrail.kafka.sse.testing.Executions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Any request is refused with one line that says why, or is understood as the same one put plainly. */
class StreamRequestFuzz {
    private static final Executions EXECUTIONS = Executions.of(StreamRequestFuzz.class);
    private static final TopicRules TOPICS =
            new TopicRules(List.of("orders"), new Start.Latest(), name -> !name.startsWith("secret"), 10);
    private static final RequestRules RULES = new RequestRules(
            TOPICS,
            new TopicRoles(topic -> Set.of()),
            ClientFilters.REGEX,
            new ReservedNames(Optional.of("stream-position")),
            InstantSource.fixed(Instant.parse("2026-11-26T12:00:00Z")));
    private static final CallOptions CALL = new CallOptions(StreamOptions.defaults(), true);
    private static final int LONGEST_REASON = 10_000;

    @FuzzTest
    // In libFuzzer's form: a backslash, a line end or a letter beyond ASCII is a byte in hexadecimal.
    @DictionaryEntries({
        "topic=",
        "\\x0Afilter[event]=",
        "\\x0Aevent=",
        "\\x0Aoffset=",
        "\\x0Asince=",
        "\\x0Alast-event-id=",
        "\\x0ALast-Event-ID: ",
        "earliest",
        "latest",
        "secret",
        "9223372036854775807",
        "\\x0AlastEventId=",
        "\\x0Alive-event=",
        "2026-11-23T10:15:30Z",
        "PT15M",
        "+01:00",
        "\\xE2\\x80\\xA8"
    })
    void shouldRefuseARequestOrUnderstandIt(byte[] input) throws HttpRejection {
        EXECUTIONS.add(input);
        StreamRequest request;
        try {
            request = StreamRequest.of(FuzzedRequest.of(new String(input, UTF_8)), CALL, RULES);
        } catch (HttpRejection e) {
            String reason = e.getMessage();
            assertFalse(reason.isBlank() || reason.contains("\n") || reason.contains("\r"), reason);
            assertTrue(reason.length() < LONGEST_REASON, reason);
            return;
        }
        assertFalse(request.topics().isEmpty());
        assertEquals(request.topics().stream().distinct().sorted().toList(), request.topics());
        assertTrue(request.topics().stream().allMatch(topic -> topic.matches("[a-zA-Z0-9._-]{1,249}")));
        assertTrue(request.topics().stream().allMatch(TOPICS.allowed()));
        assertInRange(request.start());
        request.liveEvent()
                .ifPresent(name ->
                        assertFalse(name.equals("stream-gap") || name.chars().anyMatch(Character::isISOControl), name));
        if (request.from().length() == StreamRequest.MAX_FROM_CHARACTERS) {
            // An id that is cut cannot be sent again.
            return;
        }
        StreamRequest again = StreamRequest.of(FuzzedRequest.of(plainly(request)), CALL, RULES);
        assertEquals(plainly(request), plainly(again));
    }

    private static void assertInRange(Start start) {
        if (start instanceof Start.AtOffset at) {
            assertOffset(at.offset());
        } else if (start instanceof Start.BeforeEnd before) {
            assertOffset(before.records());
        } else if (start instanceof Start.AtOffsets at) {
            assertFalse(at.offsets().isEmpty());
            at.offsets().values().forEach(StreamRequestFuzz::assertOffset);
        } else if (start instanceof Start.Since since) {
            assertFalse(since.instant().isBefore(Instant.EPOCH));
            // What the brokers are asked with.
            assertTrue(since.epochMillis() >= 0);
        }
    }

    private static void assertOffset(long offset) {
        assertTrue(offset >= 0 && offset < Long.MAX_VALUE, () -> "offset " + offset);
    }

    private static String plainly(StreamRequest request) {
        return "topic=" + String.join(",", request.topics()) + "\n" + startOf(request);
    }

    private static String startOf(StreamRequest request) {
        Start start = request.start();
        if (start instanceof Start.After) {
            return "Last-Event-ID: " + request.from().substring(request.from().indexOf('=') + 1);
        }
        if (start instanceof Start.UnknownId) {
            return "Last-Event-ID: ?";
        }
        if (start instanceof Start.BeforeEnd before) {
            return "offset=-" + before.records();
        }
        if (start instanceof Start.AtOffset at) {
            return "offset=" + at.offset();
        }
        if (start instanceof Start.AtOffsets at) {
            return "offset="
                    + at.offsets().entrySet().stream()
                            .map(offset -> offset.getKey() + ":" + offset.getValue())
                            .sorted()
                            .collect(Collectors.joining(","));
        }
        if (start instanceof Start.Since since) {
            // The one offset in which every instant that can be sent can be sent.
            return "since=" + since.instant().atOffset(ZoneOffset.MIN);
        }
        return "offset=" + (start instanceof Start.Earliest ? "earliest" : "latest");
    }
}
