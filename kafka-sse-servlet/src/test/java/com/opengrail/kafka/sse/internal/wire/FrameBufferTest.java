package com.opengrail.kafka.sse.internal.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.SseParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FrameBufferTest {

    @Test
    void shouldWriteTheSeedsFormatByteForByte() {
        FrameBuffer frame = new FrameBuffer();
        frame.id("556".getBytes(ISO_8859_1))
                .event("customer".getBytes(UTF_8))
                .data("{\"id\" 745 \"message\" \"Hello SSE\"}".getBytes(UTF_8))
                .end();
        assertEquals("id: 556\nevent: customer\ndata: {\"id\" 745 \"message\" \"Hello SSE\"}\n\n", frame.toString());
    }

    static List<Arguments> data() {
        return List.of(
                Arguments.of("", "data: \n"),
                Arguments.of("one line", "data: one line\n"),
                Arguments.of("a\nb", "data: a\ndata: b\n"),
                Arguments.of("a\rb", "data: a\ndata: b\n"),
                Arguments.of("a\r\nb", "data: a\ndata: b\n"),
                Arguments.of("a\n\rb", "data: a\ndata: \ndata: b\n"),
                Arguments.of("a\r\r\nb", "data: a\ndata: \ndata: b\n"),
                Arguments.of("a\n", "data: a\ndata: \n"),
                Arguments.of("\r\n", "data: \ndata: \n"),
                Arguments.of(" leading", "data:  leading\n"),
                Arguments.of("x\n\nid: 99\n\n", "data: x\ndata: \ndata: id: 99\ndata: \ndata: \n"),
                Arguments.of("Grüße, 世界 🎉", "data: Grüße, 世界 🎉\n"),
                Arguments.of("\0", "data: \0\n"),
                Arguments.of(
                        "longer than eight bytes\nand again\r",
                        "data: longer than eight bytes\ndata: and again\ndata: \n"));
    }

    @ParameterizedTest
    @MethodSource("data")
    void shouldStartADataLineAtEachLineEnd(String data, String expected) {
        assertEquals(expected, new FrameBuffer().data(data.getBytes(UTF_8)).toString());
    }

    @Test
    void shouldWriteAnEmptyDataLineWhereThereIsNoData() {
        assertEquals("data: \n", new FrameBuffer().data(null).toString());
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldNotLetANameEndItsField(String name, String expected) {
        assertEquals(
                expected,
                new FrameBuffer()
                        .event(name == null ? null : name.getBytes(UTF_8))
                        .toString());
    }

    static List<Arguments> names() {
        return List.of(
                Arguments.of(null, ""),
                Arguments.of("", ""),
                Arguments.of("order", "event: order\n"),
                Arguments.of("a\ndata: forged\r\n\r\nid: 7\0", "event: a data: forged    id: 7 \n"),
                Arguments.of("Straße", "event: Straße\n"));
    }

    @Test
    void shouldReplaceWhatIsNoUtf8AsAStringDoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 50_000; round++) {
            byte[] bytes = randomBytes(random);
            byte[] expected = new String(bytes, UTF_8).getBytes(UTF_8);
            assertArrayEquals(expected, Utf8.wellFormed(bytes), () -> "seed " + seed + " " + Arrays.toString(bytes));
        }
    }

    @Test
    void shouldGiveBackWhateverARecordHolds() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        FrameBuffer stream = new FrameBuffer();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            byte[] name = randomBytes(random);
            byte[] data = randomBytes(random);
            stream.id(Integer.toString(i).getBytes(ISO_8859_1))
                    .event(name)
                    .data(data)
                    .end();
            sent.add(i + "|" + expectedName(name) + "|" + String.join("\n", expectedLines(data)));
        }
        List<String> received = new ArrayList<>();
        SseParser parser = new SseParser(new SseParser.Listener() {
            @Override
            public void event(String lastEventId, String type, String data) {
                received.add(lastEventId + "|" + type + "|" + data);
            }
        });
        parser.feed(stream.array(), 0, stream.length());
        assertEquals(sent, received, "seed " + seed);
    }

    @Test
    void shouldWriteRetryAndComments() {
        assertEquals(
                "retry: 2000\n:\n: why\n",
                new FrameBuffer().retry(2000).comment().comment("why").toString());
    }

    @Test
    void shouldHoldWhatIsAppendedHoweverMuch() {
        byte[] data = new byte[3_000_000];
        Arrays.fill(data, (byte) 'x');
        FrameBuffer buffer = new FrameBuffer().data(data);
        assertEquals(data.length + "data: \n".length(), buffer.length());
        assertTrue(buffer.toString().endsWith("x\n"));
    }

    private static String expectedName(byte[] name) {
        String text =
                new String(name, UTF_8).replace('\r', ' ').replace('\n', ' ').replace('\0', ' ');
        return text.isEmpty() ? "message" : text;
    }

    private static String[] expectedLines(byte[] data) {
        return new String(data, UTF_8).split("\r\n|\r|\n", -1);
    }

    /** Much of what is special, and little of the rest. */
    private static byte[] randomBytes(Random random) {
        byte[] special = {
            '\r',
            '\n',
            0,
            ' ',
            ':',
            'i',
            'd',
            (byte) 0xC3,
            (byte) 0xA4,
            (byte) 0xE2,
            (byte) 0x82,
            (byte) 0xAC,
            (byte) 0xF0,
            (byte) 0x9F,
            (byte) 0x8E,
            (byte) 0x89,
            (byte) 0xED,
            (byte) 0xA0,
            (byte) 0xFF
        };
        byte[] bytes = new byte[random.nextInt(24)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = random.nextInt(4) == 0 ? (byte) random.nextInt() : special[random.nextInt(special.length)];
        }
        return bytes;
    }
}
