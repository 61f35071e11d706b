package com.opengrail.kafka.sse.internal.gzip;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.opengrail.kafka.sse.testing.Executions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Whatever frames hold and clients do, a strict decoder gives back just the plain bytes, write by write. */
class GzipSplitterFuzz {
    private static final Executions EXECUTIONS = Executions.of(GzipSplitterFuzz.class);
    private static final int MOST_CLIENTS = 6;

    /** What the input's bytes say: one of these, then which client or what kind, then how much. */
    private static final int APPEND = 0;

    private static final int REPEAT = 1;
    private static final int JOIN = 2;
    private static final int STEP = 3;
    private static final int PRIVATE = 4;
    private static final int END = 5;
    private static final int CHANGE_GROUP = 6;
    private static final int OPERATIONS = 7;

    @FuzzTest
    // In libFuzzer's form: a byte in hexadecimal. A client joins, takes, gets bytes of its own; a frame; the same many
    // times.
    @DictionaryEntries({"\\x02\\x00\\x00", "\\x03\\x00\\xFF", "\\x04\\x00\\x02", "\\x00\\x01\\x03abc", "\\x01\\x01\\xFF"
    })
    void shouldGiveBackThePlainStreamWriteByWrite(byte[] input) {
        EXECUTIONS.add(input);
        List<LogClient> clients = new ArrayList<>();
        try (Compressors compressors = new Compressors(1)) {
            FrameLog log = new FrameLog(compressors);
            ByteBuffer rest = ByteBuffer.wrap(input);
            while (rest.remaining() >= 3) {
                step(log, clients, rest);
            }
            for (LogClient each : clients) {
                while (each.step(FrameLog.SEGMENT_BYTES)) {
                    // Up to the end of the log.
                }
                each.end(new byte[0]);
            }
        } finally {
            clients.forEach(LogClient::close);
        }
    }

    private static void step(FrameLog log, List<LogClient> clients, ByteBuffer rest) {
        int operation = (rest.get() & 0xFF) % OPERATIONS;
        int which = rest.get() & 0xFF;
        int size = rest.get() & 0xFF;
        if (operation == APPEND) {
            log.append(take(rest, size), which % 2 == 0, which > 0xF0);
        } else if (operation == REPEAT) {
            byte[] frame = take(rest, 1 + which / 2);
            for (int i = 0; i < size; i++) {
                log.append(frame, i % 3 == which % 2, false);
            }
        } else if (operation == JOIN && clients.size() < MOST_CLIENTS) {
            boolean takesAll = which % 2 == 0;
            clients.add(size == 0 ? new LogClient(log, takesAll) : new LogClient(log, takesAll, 0, 0));
        } else if (!clients.isEmpty()) {
            move(clients, operation, which % clients.size(), take(rest, operation == STEP ? 0 : size), size);
        }
    }

    private static void move(List<LogClient> clients, int operation, int which, byte[] own, int size) {
        LogClient client = clients.get(which);
        if (operation == STEP) {
            client.step(size == 0xFF ? FrameLog.SEGMENT_BYTES : size);
        } else if (operation == PRIVATE) {
            client.takePrivate(own);
        } else if (operation == CHANGE_GROUP) {
            client.changeGroup();
        } else if (operation == END) {
            clients.remove(which);
            client.end(own);
        }
    }

    private static byte[] take(ByteBuffer rest, int length) {
        byte[] taken = new byte[Math.min(length, rest.remaining())];
        rest.get(taken);
        return taken;
    }
}
