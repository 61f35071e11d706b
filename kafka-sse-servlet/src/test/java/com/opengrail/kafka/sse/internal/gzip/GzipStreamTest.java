package com.opengrail.kafka.sse.internal.gzip;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.GzipDecoder;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GzipStreamTest {
    private static final byte[] KEEP_ALIVE = ":\n".getBytes(UTF_8);
    private static final int EVENTS = 200;
    private static final int HISTORY_EVENTS = 40;
    private static final int STORED_HEADER_BYTES = 10;

    private final byte[] segment = new byte[FrameLog.SEGMENT_BYTES];
    private final int[] ends = new int[EVENTS + 1];
    private final Compressors compressors = new Compressors(1);
    private final CompressedGroup group = CompressedGroup.ofClients(compressors, new ByteBudget(Long.MAX_VALUE));
    private final CompressedRun run = group.newRun(0, Integer.MAX_VALUE);
    private final List<Watched> clients = new ArrayList<>();

    GzipStreamTest() {
        for (int i = 0; i < EVENTS; i++) {
            byte[] frame = frame(i);
            System.arraycopy(frame, 0, segment, ends[i], frame.length);
            ends[i + 1] = ends[i] + frame.length;
        }
    }

    @AfterEach
    void closeAll() {
        clients.forEach(Watched::close);
        compressors.close();
    }

    /** Else a group that nothing comes for any more would keep its history as long as it has clients. */
    @Test
    void shouldForgetTheHistoryWithTheRunThatItComesFrom() {
        Watched client = new Watched();
        takeOneByOne(client, 0, HISTORY_EVENTS);
        int withHistory = client.lastWrite.length();
        run.drop();
        CompressedRun next = group.newRun(1, Integer.MAX_VALUE);
        WireBytes wire = new WireBytes();
        client.stream.take(next, segment, ends[HISTORY_EVENTS], ends[HISTORY_EVENTS + 1], wire);
        assertTrue(wire.length() > 2 * withHistory, wire.length() + " and " + withHistory);
    }

    @Test
    void shouldBeOneGzipMemberFromHeaderToTrailer() {
        Watched client = new Watched();
        client.takePrivate("retry: 2000\n\n");
        client.take(0, 10);
        client.end(":bye\n");
    }

    /** Go's decoder hands over a block only when it has seen an empty one behind it. */
    @Test
    void shouldEndEachWriteWithAnEmptyBlock() {
        Watched client = new Watched();
        client.takePrivate(":\n");
        client.lastWrite.assertEndsWithEmptyBlock();
        for (int i = 0; i < EVENTS; i++) {
            client.take(i, i + 1).assertEndsWithEmptyBlock();
        }
    }

    @Test
    void shouldCompressASingleEventToAThirdOnceThereIsHistory() {
        Watched client = new Watched();
        takeOneByOne(client, 0, EVENTS);
        int ofLast = client.lastWrite.length();
        assertTrue(3 * ofLast < ends[EVENTS] - ends[EVENTS - 1], ofLast + " bytes");
    }

    @Test
    void shouldGiveTheSameArrayToEveryClientOfAPiece() {
        Watched first = new Watched();
        Watched second = new Watched();
        takeOneByOne(first, 0, EVENTS);
        takeOneByOne(second, 0, EVENTS);
        // The first write has the header in front.
        for (int i = 1; i < EVENTS; i++) {
            assertEquals(first.writes.get(i), second.writes.get(i));
        }
    }

    @Test
    void shouldTakeSeveralPiecesInOneWrite() {
        Watched first = new Watched();
        takeOneByOne(first, 0, 10);
        Watched late = new Watched();
        late.take(0, 10);
        assertArrayEquals(first.wire.toByteArray(), late.wire.toByteArray());
        late.end(":bye\n");
    }

    @Test
    void shouldTakeSeveralPiecesWithoutACopy() {
        Watched first = new Watched();
        takeOneByOne(first, 0, 10);
        Watched late = new Watched();
        late.take(0, 1);
        Write write = late.take(1, 5);
        assertSame(first.writes.get(1).bytes(), write.bytes());
        assertEquals(first.writes.get(1).from(), write.from());
        assertEquals(first.writes.get(5).from(), write.from() + write.length());
    }

    @Test
    void shouldStoreWhatANewClientHasNoHistoryForAndThenShare() {
        Watched first = new Watched();
        takeOneByOne(first, 0, 100);
        Watched joined = new Watched();
        joined.takePrivate("retry: 2000\n\n");
        for (int i = 100; i < 100 + HISTORY_EVENTS; i++) {
            joined.take(i, i + 1);
            boolean isStored = ends[i] - ends[100] < CompressedGroup.HISTORY_MAX_BYTES;
            int size = ends[i + 1] - ends[i];
            assertEquals(isStored, joined.lastWrite.length() == size + STORED_HEADER_BYTES, "event " + i);
            first.take(i, i + 1);
            assertEquals(!isStored, first.lastWrite.equals(joined.lastWrite), "event " + i);
        }
    }

    @Test
    void shouldNotLetANewClientSpoilThePiecesOfTheOthers() {
        Watched first = new Watched();
        takeOneByOne(first, 0, 100);
        int before = first.lastWrite.length();
        Watched joined = new Watched();
        joined.takePrivate("retry: 2000\n\n");
        joined.take(100, 101);
        first.take(100, 101);
        assertTrue(first.lastWrite.length() < before + 10, first.lastWrite.length() + " after " + before);
    }

    @Test
    void shouldNotStartAnewForAKeepAliveToWhoHasHalfOfTheHistory() {
        Watched first = new Watched();
        takeOneByOne(first, 0, 100);
        Watched joined = new Watched();
        for (int i = 100; i < 110; i++) {
            first.take(i, i + 1);
            joined.take(i, i + 1);
        }
        int before = first.lastWrite.length();
        joined.takePrivate(KEEP_ALIVE);
        first.take(110, 111);
        assertTrue(first.lastWrite.length() < before + 10, first.lastWrite.length() + " after " + before);
    }

    @Test
    void shouldNotStartAnewForAKeepAliveToWhoIsBehind() {
        Watched first = new Watched();
        Watched behind = new Watched();
        takeOneByOne(first, 0, 100);
        takeOneByOne(behind, 0, 90);
        int before = first.lastWrite.length();
        behind.takePrivate(KEEP_ALIVE);
        first.take(100, 101);
        assertTrue(first.lastWrite.length() < before + 10, first.lastWrite.length() + " after " + before);
    }

    @Test
    void shouldTakeThePieceThatAnotherThreadHasMadeMeanwhile() {
        GzipStream one = new GzipStream();
        GzipStream other = new GzipStream();
        Piece made = group.make(run, segment, 0, ends[2], one);
        assertSame(made, group.make(run, segment, 0, ends[3], other));
        assertNull(group.make(run, segment, ends[1], ends[2], other));
    }

    @Test
    void shouldNotReferToFramesThatAnotherGroupTook() {
        CompressedRun other = CompressedGroup.ofClients(compressors, new ByteBudget(Long.MAX_VALUE))
                .newRun(0, Integer.MAX_VALUE);
        Watched client = new Watched();
        Watched ofOther = new Watched();
        takeOneByOne(client, 0, 100);
        for (int i = 50; i < 100; i++) {
            ofOther.takeFrom(other, segment, ends[i], ends[i + 1]);
        }
        ofOther.takeFrom(other, segment, ends[100], ends[101]);
        client.takeFrom(other, segment, ends[100], ends[101]);
        assertEquals(ends[101] - ends[100] + STORED_HEADER_BYTES, client.lastWrite.length());
    }

    @Test
    void shouldCompressForClientsBehindTheOthersWithoutSpoilingTheirPieces() {
        Watched behind = new Watched();
        takeOneByOne(behind, 0, 100);
        Watched ahead = new Watched();
        ahead.takePrivate("retry: 2000\n\n");
        takeOneByOne(ahead, 100, 120);
        CompressedRun next = group.newRun(1, Integer.MAX_VALUE);
        for (int i = 120; i < 180; i++) {
            ahead.takeFrom(next, segment, ends[i], ends[i + 1]);
        }
        int before = ahead.lastWrite.length();
        behind.take(100, 120);
        assertTrue(3 * behind.lastWrite.length() < ends[120] - ends[100], behind.lastWrite.length() + " bytes");
        Watched resumed = new Watched();
        resumed.takePrivate("retry: 2000\n\n");
        assertEquals(behind.lastWrite, resumed.take(100, 120));
        ahead.takeFrom(next, segment, ends[180], ends[181]);
        assertTrue(ahead.lastWrite.length() < before + 10, ahead.lastWrite.length() + " after " + before);
    }

    @Test
    void shouldStartAnewAfterAKeepAliveToEverybody() {
        Watched first = new Watched();
        Watched second = new Watched();
        takeOneByOne(first, 0, 100);
        takeOneByOne(second, 0, 100);
        first.takePrivate(KEEP_ALIVE);
        second.takePrivate(KEEP_ALIVE);
        for (int i = 100; i < 110; i++) {
            assertEquals(first.take(i, i + 1), second.take(i, i + 1));
        }
        assertTrue(2 * first.lastWrite.length() < ends[110] - ends[109], first.lastWrite.length() + " bytes");
    }

    @Test
    void shouldServeWhoGetsItsKeepAliveAfterTheOthersWentOn() {
        Watched first = new Watched();
        Watched second = new Watched();
        takeOneByOne(first, 0, 100);
        takeOneByOne(second, 0, 100);
        first.takePrivate(KEEP_ALIVE);
        first.take(100, 101);
        second.takePrivate(KEEP_ALIVE);
        second.take(100, 101);
        assertEquals(first.take(101, 102), second.take(101, 102));
    }

    @Test
    void shouldNotStartAnewForWhoLeaves() {
        Watched first = new Watched();
        Watched second = new Watched();
        takeOneByOne(first, 0, 100);
        takeOneByOne(second, 0, 100);
        int before = second.lastWrite.length();
        first.end("id: 7\nevent: stream-position\ndata: \n\n");
        second.take(100, 101);
        assertTrue(second.lastWrite.length() < before + 10, second.lastWrite.length() + " after " + before);
    }

    @Test
    void shouldStoreFromTheMiddleOfAPieceToItsEnd() {
        Watched first = new Watched();
        takeOneByOne(first, 0, HISTORY_EVENTS);
        Watched other = new Watched();
        takeOneByOne(other, 0, HISTORY_EVENTS);
        first.take(HISTORY_EVENTS, HISTORY_EVENTS + 4);
        other.take(HISTORY_EVENTS, HISTORY_EVENTS + 1);
        other.take(HISTORY_EVENTS + 1, HISTORY_EVENTS + 4);
        assertTrue(other.lastWrite.length() > ends[HISTORY_EVENTS + 4] - ends[HISTORY_EVENTS + 1]);
        assertEquals(
                first.take(HISTORY_EVENTS + 4, HISTORY_EVENTS + 5), other.take(HISTORY_EVENTS + 4, HISTORY_EVENTS + 5));
    }

    @Test
    void shouldKeepTheHistoryFromOneSegmentToTheNext() {
        Watched client = new Watched();
        takeOneByOne(client, 0, 100);
        int before = client.lastWrite.length();
        CompressedRun next = group.newRun(1, Integer.MAX_VALUE);
        client.takeFrom(next, segment, ends[100], ends[101]);
        assertTrue(client.lastWrite.length() < before + 10, client.lastWrite.length() + " after " + before);
    }

    @Test
    void shouldShareStoredBlocksWhenNoCompressorIsFree() {
        compressors.close();
        Watched first = new Watched();
        Watched second = new Watched();
        assertNotEquals(first.take(0, 1), second.take(0, 1));
        assertEquals(first.take(1, 2), second.take(1, 2));
        assertEquals(ends[2] - ends[1] + STORED_HEADER_BYTES, first.lastWrite.length());
    }

    @Test
    void shouldShareStoredBlocksWhereCompressionWouldAddBytes() {
        byte[] noise = new byte[FrameLog.SEGMENT_BYTES];
        new Random(1).nextBytes(noise);
        Watched first = new Watched();
        Watched second = new Watched();
        first.takeFrom(run, noise, 0, 1000);
        second.takeFrom(run, noise, 0, 1000);
        first.takeFrom(run, noise, 1000, 2000);
        second.takeFrom(run, noise, 1000, 2000);
        Watched joined = new Watched();
        joined.takePrivate("retry: 2000\n\n");
        joined.takeFrom(run, noise, 1000, 2000);
        assertEquals(first.lastWrite, second.lastWrite);
        assertEquals(first.lastWrite, joined.lastWrite);
        assertEquals(1000 + STORED_HEADER_BYTES, first.lastWrite.length());
    }

    @Test
    void shouldStorePrivateBytesOfAnyLength() {
        Watched client = new Watched();
        for (int size : new int[] {0, 1, 65_534, 65_535, 65_536, 131_070, 200_000}) {
            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes);
            client.takePrivate(bytes);
        }
        client.end("");
    }

    @Test
    void shouldCountWhatThePiecesOccupy() {
        Watched client = new Watched();
        takeOneByOne(client, 0, EVENTS);
        int objects = EVENTS * Piece.FOOTPRINT_BYTES;
        int blocks = client.wire.size();
        assertTrue(run.footprint() > blocks + objects, run.footprint() + " bytes");
        assertTrue(run.footprint() < 2 * blocks + objects, run.footprint() + " bytes");
    }

    private void takeOneByOne(Watched client, int from, int to) {
        for (int i = from; i < to; i++) {
            client.take(i, i + 1);
        }
    }

    private static byte[] frame(int number) {
        Random random = new Random(number);
        return ("id: " + (1_000_000 + number) + "\nevent: order\ndata: {\"customer\":" + random.nextInt(100_000)
                        + ",\"amount\":" + random.nextInt(1000)
                        + ".50,\"currency\":\"EUR\",\"status\":\"SHIPPED\"}\n\n")
                .getBytes(UTF_8);
    }

    /** Two are equal if they are of the same bytes in memory. */
    private record Write(byte[] bytes, int from, int length) {
        void assertEndsWithEmptyBlock() {
            byte[] last = Arrays.copyOfRange(bytes, from + length - 4, from + length);
            assertArrayEquals(new byte[] {0, 0, -1, -1}, last);
        }
    }

    /** A stream whose writes are kept, and checked one by one. */
    private final class Watched {
        private final GzipStream stream = new GzipStream();
        private final GzipDecoder decoder = new GzipDecoder();
        private final WireBytes out = new WireBytes();
        final List<Write> writes = new ArrayList<>();
        final ByteArrayOutputStream wire = new ByteArrayOutputStream();
        Write lastWrite;

        Watched() {
            clients.add(this);
        }

        Write take(int from, int to) {
            return takeFrom(run, segment, ends[from], ends[to]);
        }

        Write takeFrom(CompressedRun of, byte[] bytes, int from, int to) {
            stream.take(of, bytes, from, to, out);
            return write(Arrays.copyOfRange(bytes, from, to));
        }

        void takePrivate(String text) {
            takePrivate(text.getBytes(UTF_8));
        }

        void takePrivate(byte[] bytes) {
            stream.takePrivate(bytes, 0, bytes.length, out);
            write(bytes);
        }

        void end(String last) {
            stream.end(last.getBytes(UTF_8), 0, last.length(), out);
            write(last.getBytes(UTF_8));
            decoder.assertEnded();
        }

        private Write write(byte[] plain) {
            lastWrite = new Write(out.bytes(), out.from(), out.length());
            out.clear();
            assertArrayEquals(plain, decoder.decode(lastWrite.bytes, lastWrite.from, lastWrite.length));
            writes.add(lastWrite);
            wire.write(lastWrite.bytes, lastWrite.from, lastWrite.length);
            return lastWrite;
        }

        void close() {
            decoder.close();
        }
    }
}
