package com.opengrail.kafka.sse.internal.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.testing.Executions;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.SseParser;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whatever bytes records hold, two parsers that know nothing of each other give back just the events that went in. */
class RecordFramesFuzz {
    private static final Executions EXECUTIONS = Executions.of(RecordFramesFuzz.class);

    @FuzzTest
    // In libFuzzer's form: a backslash, a line end or a letter beyond ASCII is a byte in hexadecimal.
    @DictionaryEntries({
        "\\x0D\\x0A",
        "\\x0A\\x0A",
        "\\x0D\\x0D",
        "\\x00",
        "\\x0Aid: 7\\x0A\\x0A",
        "\\x0Aevent: x",
        "\\x0Adata: x\\x0A\\x0A",
        "\\x0Aretry: 0\\x0A",
        "\\xEF\\xBB\\xBF",
        "\\xC2\\x85",
        "\\xE2\\x80\\xA8",
        ":",
        "\\x0A:\\x0A"
    })
    void shouldGiveBackWhateverRecordsHold(byte[] input) {
        EXECUTIONS.add(input);
        RecordFrames frames = new RecordFrames();
        FrameBuffer stream = new FrameBuffer();
        List<SseClient.Event> sent = new ArrayList<>();
        for (SseEvent event : events(input)) {
            String id = Integer.toString(sent.size());
            frames.clear();
            frames.add(event);
            byte[] body = frames.array();
            stream.comment().id(id.getBytes(ISO_8859_1)).append(body, frames.start(0), frames.length(0));
            SseClient.Event expected = new SseClient.Event(id, expectedName(event), expectedData(event));
            sent.add(expected);
            assertEquals(expected, decoded(id, body, frames));
        }
        byte[] bytes = Arrays.copyOf(stream.array(), stream.length());
        assertEquals(sent, byTheStandard(bytes));
        assertEquals(sent, OtherParser.events(bytes));
    }

    /** Two lengths of one byte each, 255 for none, then name and data; and so on until the bytes are at their end. */
    private static List<SseEvent> events(byte[] input) {
        ByteBuffer rest = ByteBuffer.wrap(input);
        List<SseEvent> events = new ArrayList<>();
        while (rest.remaining() >= 2) {
            int name = rest.get() & 0xFF;
            int data = rest.get() & 0xFF;
            events.add(SseEvent.ofUtf8(take(rest, name), take(rest, data)));
        }
        return events;
    }

    private static byte[] take(ByteBuffer rest, int length) {
        if (length == 0xFF) {
            return null;
        }
        byte[] taken = new byte[Math.min(length, rest.remaining())];
        rest.get(taken);
        return taken;
    }

    private static String expectedName(SseEvent event) {
        String name = event.name() == null ? "" : event.name().replaceAll("[\r\n\0]", " ");
        return name.isEmpty() ? "message" : name;
    }

    private static String expectedData(SseEvent event) {
        return event.data() == null ? "" : event.data().replaceAll("\r\n|\r", "\n");
    }

    private static SseClient.Event decoded(String id, byte[] body, RecordFrames frames) {
        SseEvent event = EncodedEvent.decode(body, frames.start(0), frames.start(0) + frames.length(0));
        return new SseClient.Event(id, event.name() == null ? "message" : event.name(), event.data());
    }

    private static List<SseClient.Event> byTheStandard(byte[] bytes) {
        List<SseClient.Event> received = new ArrayList<>();
        new SseParser((id, type, data) -> received.add(new SseClient.Event(id, type, data))).feed(bytes);
        return received;
    }
}
