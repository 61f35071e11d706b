package com.opengrail.kafka.sse.internal.gzip;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** Threads that serve clients of the same groups, beside one that appends: each client can decode each of its writes. */
@Timeout(120)
class GzipStreamRaceTest {
    private static final int THREADS = 4;
    private static final int CLIENTS_PER_THREAD = 3;
    private static final int FRAMES = 5000;
    private static final int PRIVATE_EVERY = 500;

    private final long seed = new Random().nextLong();
    private volatile boolean isComplete;

    @RepeatedTest(5)
    void shouldDecodeWhileSeveralThreadsMakePieces() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        // Fewer compressors than threads, so that some pieces stay uncompressed.
        try (Compressors compressors = new Compressors(2)) {
            FrameLog log = new FrameLog(compressors);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(seed + i);
                all.add(threads.submit(() -> serve(log, random)));
            }
            append(log);
            for (Future<?> each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
            assertTrue(compressors.open() <= 2, "compressors: " + compressors.open());
        } finally {
            isComplete = true;
            threads.shutdownNow();
        }
    }

    private void append(FrameLog log) {
        Random random = new Random(seed - 1);
        for (int i = 0; i < FRAMES; i++) {
            String frame =
                    "id: " + i + "\ndata: {\"customer\":" + random.nextInt(100_000) + ",\"status\":\"SHIPPED\"}\n\n";
            log.append(frame.getBytes(UTF_8), random.nextInt(3) == 0, false);
        }
        isComplete = true;
    }

    private void serve(FrameLog log, Random random) {
        List<LogClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS_PER_THREAD; i++) {
            clients.add(new LogClient(log, i > 0));
        }
        try {
            boolean isLastRound;
            do {
                isLastRound = isComplete;
                for (LogClient each : clients) {
                    serve(each, random);
                }
            } while (!isLastRound);
            clients.forEach(each -> each.end(":\n".getBytes(UTF_8)));
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed, e);
        } finally {
            clients.forEach(LogClient::close);
        }
    }

    private static void serve(LogClient client, Random random) {
        if (random.nextInt(PRIVATE_EVERY) == 0) {
            client.takePrivate(":\n".getBytes(UTF_8));
        }
        int maxBytes = random.nextInt(4) == 0 ? random.nextInt(1000) : FrameLog.SEGMENT_BYTES;
        while (client.step(maxBytes)) {
            // All that is published.
        }
    }
}
