package com.opengrail.kafka.sse.internal.gzip;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever clients do and in whatever order, each can decode just what it is sent, as soon as it is written. */
@Timeout(120)
class GzipStreamModelTest {
    private static final int STEPS = 3000;
    private static final int MOST_CLIENTS = 8;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private int number;

    @RepeatedTest(20)
    void shouldDecodeToThePlainStreamWhateverHappens() {
        try (Compressors compressors = new Compressors(1)) {
            FrameLog log = new FrameLog(compressors);
            List<LogClient> clients = new ArrayList<>();
            int shareOfPrivate = 1 + random.nextInt(200);
            for (int i = 0; i < STEPS; i++) {
                step(log, clients, shareOfPrivate);
            }
            for (LogClient each : clients) {
                while (each.step(maxBytes())) {
                    // Up to the end of the log.
                }
                each.end(bytes());
            }
            assertEquals(1, compressors.open());
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    @Test
    void shouldKeepTheRatioWhileClientsComeAndGo() {
        try (Compressors compressors = new Compressors(1)) {
            FrameLog log = new FrameLog(compressors);
            List<LogClient> clients = new ArrayList<>();
            long plain = 0;
            long wire = 0;
            for (int i = 0; i < STEPS; i++) {
                log.append(json(), true, false);
                if (clients.size() < MOST_CLIENTS) {
                    clients.add(new LogClient(log, true));
                }
                clients.forEach(each -> each.step(FrameLog.SEGMENT_BYTES));
                if (i % 100 == 0) {
                    LogClient leaves = clients.remove(random.nextInt(clients.size()));
                    leaves.end("data: end\n\n".getBytes(UTF_8));
                    plain += leaves.plainBytes();
                    wire += leaves.wireBytes();
                }
            }
            clients.forEach(LogClient::close);
            assertTrue(3 * wire < plain, wire + " of " + plain + " bytes, seed " + seed);
        }
    }

    private void step(FrameLog log, List<LogClient> clients, int shareOfPrivate) {
        int choice = random.nextInt(10);
        if (clients.isEmpty() || choice == 0 && clients.size() < MOST_CLIENTS) {
            LogClient joined = join(log);
            clients.add(joined);
            joined.takePrivateAndStep("retry: 2000\n\n".getBytes(UTF_8), maxBytes());
        } else if (choice < 5) {
            for (int frames = random.nextInt(1 << random.nextInt(6)); frames >= 0; frames--) {
                log.append(frame(), random.nextInt(3) == 0, random.nextInt(300) == 0);
            }
        } else {
            move(clients, random.nextInt(clients.size()), shareOfPrivate);
        }
    }

    private LogClient join(FrameLog log) {
        boolean takesAll = random.nextBoolean();
        if (random.nextBoolean()) {
            return new LogClient(log, takesAll);
        }
        int segment = random.nextInt(log.newest() + 1);
        return new LogClient(log, takesAll, segment, random.nextInt(log.frames(segment) + 1));
    }

    private void move(List<LogClient> clients, int which, int shareOfPrivate) {
        LogClient client = clients.get(which);
        int choice = random.nextInt(200);
        if (choice == 0) {
            clients.remove(which).end(bytes());
        } else if (choice == 1) {
            client.changeGroup();
        } else if (choice < shareOfPrivate / 2) {
            client.takePrivate(bytes());
        } else if (choice < shareOfPrivate) {
            client.takePrivateAndStep(bytes(), maxBytes());
        } else {
            client.step(maxBytes());
        }
    }

    private int maxBytes() {
        return random.nextInt(4) == 0 ? random.nextInt(2000) : FrameLog.SEGMENT_BYTES;
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(1 << random.nextInt(10))];
        if (random.nextBoolean()) {
            random.nextBytes(bytes);
        }
        return bytes;
    }

    /** Mostly JSON, sometimes what cannot be compressed. */
    private byte[] frame() {
        if (random.nextInt(50) == 0) {
            byte[] noise = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(noise);
            return noise;
        }
        return json();
    }

    private byte[] json() {
        return ("id: " + number++ + "\nevent: order\ndata: {\"customer\":" + random.nextInt(100_000) + ",\"amount\":"
                        + random.nextInt(1000) + ".50,\"currency\":\"EUR\",\"status\":\"SHIPPED\"}\n\n")
                .getBytes(UTF_8);
    }
}
