package com.opengrail.kafka.sse.internal.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.StreamInfo;
import com.opengrail.kafka.sse.internal.access.EndReason;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.request.StreamRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessLogTest {
    private static String line(String user, String from) {
        List<String> topics = List.of("orders", "payments");
        StreamInfo stream =
                new StreamInfo(Optional.ofNullable(user), "10.1.2.3", topics, Instant.EPOCH, 7, StreamInfo.State.LIVE);
        StreamRequest asked = new StreamRequest(
                topics, EventFilter.parse("a.*"), new Start.Latest(), Optional.empty(), from, Optional.empty());
        return AccessLog.line(stream, asked, Duration.ofMillis(1_500), 99, EndReason.SESSION);
    }

    @Test
    void shouldSayWhoReadWhatFromWhereForHowLongAndWhyItEnded() {
        assertEquals(
                "user=\"alice\" address=\"10.1.2.3\" topics=\"orders,payments\" filter=\"a.*\" from=\"offset=5\""
                        + " seconds=1.5 events=7 bytes=99 why=\"the session ended\"",
                line("alice", "offset=5"));
    }

    @ParameterizedTest
    @CsvSource({
        "'a\nuser=root', 'a\\u{a}user=root'",
        "'a\" why=\"', 'a\\\" why=\\\"'",
        "'a\\', 'a\\\\'",
        "'a\u2028b\u202ec\u0085', 'a\\u{2028}b\\u{202e}c\\u{85}'",
        "Jörg, Jörg"
    })
    void shouldLetNoValueForgeALine(String value, String shown) {
        assertEquals(line("alice", "x").replace("\"x\"", "\"" + shown + "\""), line("alice", value));
    }
}
