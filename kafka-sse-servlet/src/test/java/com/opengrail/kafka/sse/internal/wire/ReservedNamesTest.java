package com.opengrail.kafka.sse.internal.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.opengrail.kafka.sse.SseEvent;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReservedNamesTest {
    private static final ReservedNames NAMES = new ReservedNames(Optional.of("my position"));

    private static String sent(String name) {
        RecordFrames frames = new RecordFrames();
        frames.addOfRecord(SseEvent.ofUtf8(name.getBytes(UTF_8), null), NAMES);
        String body = new String(frames.array(), frames.start(0), frames.length(0), UTF_8);
        String line = body.substring(0, body.indexOf('\n'));
        // What filters are held against is what is sent.
        assertEquals(line, "event: " + new String(frames.name(0), UTF_8));
        return line.substring("event: ".length());
    }

    @ParameterizedTest
    @CsvSource({
        "open, _open",
        "error, _error",
        "stream-gap, _stream-gap",
        "stream-cut, _stream-cut",
        "my position, _my position",
        "stream-position, stream-position",
        "Open, Open",
        "_open, _open",
        "message, message",
        "opened, opened"
    })
    void shouldPutAnUnderscoreBeforeTheNamesOfTheStream(String name, String asSent) {
        assertEquals(asSent, sent(name));
    }

    @ParameterizedTest
    @ValueSource(chars = {'\n', '\r', '\0'})
    void shouldKnowNamesThatAreReservedOnlyOnceTheirLineEndsAreReplaced(char replaced) {
        assertEquals("_my position", sent("my" + replaced + "position"));
        assertEquals("a b", sent("a" + replaced + "b"));
    }

    @Test
    void shouldKnowNamesThatAreReservedOnlyOnceTheirBytesAreWellFormed() {
        ReservedNames names = new ReservedNames(Optional.of("a\ufffd"));
        assertEquals("_a\ufffd", new String(names.asSent("a\u00ff".getBytes(ISO_8859_1)), UTF_8));
    }

    @Test
    void shouldNotMakeANameThatIsReservedItself() {
        ReservedNames names = new ReservedNames(Optional.of("_open"));
        assertEquals("__open", new String(names.asSent("open".getBytes(UTF_8)), UTF_8));
    }

    @Test
    void shouldLeaveTheStreamsOwnEventsAndThoseWithoutAName() {
        RecordFrames frames = new RecordFrames();
        frames.add(SseEvent.of("stream-gap", "{}"));
        assertEquals("stream-gap", new String(frames.name(0), UTF_8));
        assertNull(NAMES.asSent(null));
        assertEquals(0, NAMES.asSent(new byte[0]).length);
    }
}
