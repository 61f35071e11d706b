package com.opengrail.kafka.sse.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventScannerTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    private static final String POSITION = "retry: 1000\nid: abc\nevent: stream-position\ndata: \n\n:\n";

    private final LoadStats stats = new LoadStats(true);
    private final EventScanner scanner = new EventScanner(stats);
    private final LoadConnection connection = new LoadConnection(stats, scanner, 0, false, "/");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 50, 10_000})
    void shouldTakeEachEventOnceHoweverTheBytesAreCut(int cut) {
        stats.measureFromNow();
        read(HEAD + POSITION + event(0, 0) + event(1, 0) + ":\n" + event(0, 1) + "id: unfinished\n", cut);
        assertEquals(0, stats.faults(), stats::toString);
        assertEquals(3, connection.events());
        assertEquals(3, scanner.latencies().getTotalCount());
        assertEquals("0-1", new String(connection.lastId, US_ASCII));
        assertTrue(connection.isOpen());
    }

    static Stream<String> broken() {
        String first = HEAD + POSITION + event(0, 0);
        return Stream.of(
                "HTTP/1.1 404 Not Found\r\n\r\n",
                first + event(0, 0),
                first + event(0, 2),
                first + event(2, 1),
                first + "id: 5\nevent: stream-gap\ndata: {\"topic\":\"t\",\"partition\":0}\n\n",
                first + event(0, 1).replaceFirst(".\n\n$", "\n\n") + event(0, 2));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void shouldNoticeWhatIsWrong(String stream) {
        read(stream, 10_000);
        assertTrue(stats.faults() > 0, stats::toString);
    }

    private void read(String stream, int cut) {
        byte[] bytes = stream.getBytes(US_ASCII);
        for (int at = 0; at < bytes.length; at += cut) {
            byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + cut));
            scanner.read(connection, part, part.length);
        }
    }

    private static String event(int lane, long number) {
        String value = new String(Stamp.value(lane, number, System.nanoTime(), 60), US_ASCII);
        return "id: " + lane + "-" + number + "\nevent: k" + lane + "\ndata: " + value + "\n\n";
    }
}
