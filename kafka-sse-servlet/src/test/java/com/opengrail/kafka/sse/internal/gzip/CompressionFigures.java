package com.opengrail.kafka.sse.internal.gzip;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;
import java.util.zip.Deflater;

/**
 * Prints the figures of docs/compression.md. It is no test: they say what this machine does. With a folder as its argument it
 * writes two streams there, one of them ended, with the plain bytes beside them, for decoders of other languages.
 */
public final class CompressionFigures {
    private static final int EVENTS = 20_000;
    private static final int CLIENTS = 100;
    private static final int ROUNDS = 5;
    private static final int[] EVENTS_PER_PIECE = {1, 5, 20, 90};
    private static final int[] HISTORIES = {0, 1024, 2048, 4096, 8192, 16_384, 32_768};
    private static final int[] NEW_EVERY = {8192, FrameLog.SEGMENT_BYTES, Integer.MAX_VALUE};

    private final byte[] bytes;
    private final int[] ends = new int[EVENTS + 1];
    private final byte[] output = new byte[FrameLog.SEGMENT_BYTES];

    private CompressionFigures() {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        Instant time = Instant.parse("2026-11-26T10:00:00.123Z");
        String[] states = {"NEW", "PAID", "SHIPPED", "DELIVERED", "RETURNED"};
        for (int i = 0; i < EVENTS; i++) {
            time = time.plusMillis(random.nextInt(40));
            text.append("id: ").append(48_000_000 + i).append("\nevent: order\ndata: {\"orderId\":\"A-");
            text.append(100_000 + random.nextInt(900_000))
                    .append("\",\"customer\":")
                    .append(random.nextInt(100_000));
            text.append(",\"amount\":")
                    .append(random.nextInt(100_000) / 100.0)
                    .append(",\"currency\":\"EUR\",\"status\":\"");
            text.append(states[random.nextInt(states.length)])
                    .append("\",\"at\":\"")
                    .append(time);
            text.append("\",\"items\":").append(1 + random.nextInt(9)).append("}\n\n");
            ends[i + 1] = text.length();
        }
        bytes = text.toString().getBytes(UTF_8);
    }

    public static void main(String[] arguments) throws IOException {
        CompressionFigures figures = new CompressionFigures();
        if (arguments.length > 0) {
            figures.writeStreams(Files.createDirectories(Path.of(arguments[0])));
        }
        for (int round = 1; round <= ROUNDS; round++) {
            print("Round %d of %d, frames of %.0f bytes", round, ROUNDS, figures.bytes.length / (double) EVENTS);
            for (int events : EVENTS_PER_PIECE) {
                figures.printHistories(events);
                figures.printStreams(events);
            }
        }
    }

    private void printHistories(int events) {
        for (int maxBytes : NEW_EVERY) {
            String result = ofItsOwn(events, maxBytes);
            print("%d events a piece: compressor of its own, new every %d bytes: %s", events, maxBytes, result);
        }
        for (int history : HISTORIES) {
            print("%d events a piece: loaded history of %d bytes: %s", events, history, loaded(events, history));
        }
    }

    private String ofItsOwn(int events, int maxBytes) {
        Deflater deflater = new Deflater(6, true);
        int start = 0;
        long wire = 0;
        long time = System.nanoTime();
        for (int i = 0; i < EVENTS; i += events) {
            int end = ends[Math.min(EVENTS, i + events)];
            if (end - start > maxBytes) {
                deflater.reset();
                start = ends[i];
            }
            deflater.setInput(bytes, ends[i], end - ends[i]);
            wire += deflater.deflate(output, 0, output.length, Deflater.SYNC_FLUSH);
        }
        time = System.nanoTime() - time;
        deflater.end();
        return result(wire, time, events);
    }

    private String loaded(int events, int history) {
        Deflater deflater = new Deflater(6, true);
        long wire = 0;
        long time = System.nanoTime();
        for (int i = 0; i < EVENTS; i += events) {
            int end = ends[Math.min(EVENTS, i + events)];
            int known = Math.min(history, ends[i]);
            deflater.reset();
            deflater.setDictionary(bytes, ends[i] - known, known);
            deflater.setInput(bytes, ends[i], end - ends[i]);
            wire += deflater.deflate(output, 0, output.length, Deflater.SYNC_FLUSH);
        }
        time = System.nanoTime() - time;
        deflater.end();
        return result(wire, time, events);
    }

    private String result(long wire, long time, int events) {
        double pieces = Math.ceil(EVENTS / (double) events);
        return String.format(
                Locale.ROOT, "ratio %.2f, %.1f us a piece", bytes.length / (double) wire, time / 1000 / pieces);
    }

    /** All that a stream does, for one client and for many, in segments as the window has them. */
    private void printStreams(int events) {
        try (Compressors compressors = new Compressors(1)) {
            CompressedGroup group = CompressedGroup.ofClients(compressors, new ByteBudget(Long.MAX_VALUE));
            GzipStream[] clients = new GzipStream[1 + CLIENTS];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = new GzipStream();
            }
            WireBytes out = new WireBytes();
            CompressedRun run = group.newRun(0, Integer.MAX_VALUE);
            long[] wire = new long[2];
            long[] time = new long[2];
            long pieceBytes = 0;
            for (int i = 0; i < EVENTS; i += events) {
                int end = ends[Math.min(EVENTS, i + events)];
                if (ends[i] / FrameLog.SEGMENT_BYTES > run.number()) {
                    pieceBytes += run.footprint();
                    run = group.newRun(run.number() + 1L, Integer.MAX_VALUE);
                }
                for (int client = 0; client < clients.length; client++) {
                    int kind = Math.min(1, client);
                    long start = System.nanoTime();
                    clients[client].take(run, bytes, ends[i], end, out);
                    time[kind] += System.nanoTime() - start;
                    wire[kind] += out.length();
                    out.clear();
                }
            }
            double pieces = Math.ceil(EVENTS / (double) events);
            print(
                    "%d events a piece: the first client, which makes it: %s; another one: %.0f ns; memory %.2f of plain",
                    events,
                    result(wire[0], time[0], events),
                    time[1] / pieces / CLIENTS,
                    (pieceBytes + run.footprint()) / (double) bytes.length);
        }
    }

    private void writeStreams(Path folder) throws IOException {
        try (Compressors compressors = new Compressors(1)) {
            CompressedRun run = CompressedGroup.ofClients(compressors, new ByteBudget(Long.MAX_VALUE))
                    .newRun(0, Integer.MAX_VALUE);
            writeStream(folder.resolve("made"), run, 0);
            writeStream(folder.resolve("joined"), run, 500);
        }
    }

    /** Each write is preceded by its length and that of its plain bytes, in text, for decoders that go write by write. */
    private void writeStream(Path file, CompressedRun run, int first) throws IOException {
        GzipStream stream = new GzipStream();
        WireBytes out = new WireBytes();
        byte[] own = "retry: 2000\n\nid: 7\nevent: stream-position\ndata: \n\n".getBytes(UTF_8);
        try (OutputStream wire = Files.newOutputStream(Path.of(file + ".gz"));
                OutputStream plain = Files.newOutputStream(Path.of(file + ".txt"));
                OutputStream sizes = Files.newOutputStream(Path.of(file + ".sizes"))) {
            for (int i = first; i < 2000; i += 1 + i % 7) {
                boolean isOwn = i % 400 == 0 || i == first;
                if (isOwn) {
                    stream.takePrivate(own, 0, own.length, out);
                    plain.write(own);
                }
                int to = i + 1 + i % 7;
                stream.take(run, bytes, ends[i], ends[to], out);
                plain.write(bytes, ends[i], ends[to] - ends[i]);
                int plainBytes = ends[to] - ends[i] + (isOwn ? own.length : 0);
                sizes.write((out.length() + " " + plainBytes + "\n").getBytes(UTF_8));
                wire.write(out.bytes(), out.from(), out.length());
                out.clear();
            }
            stream.end(own, 0, own.length, out);
            plain.write(own);
            sizes.write((out.length() + " " + own.length + "\n").getBytes(UTF_8));
            wire.write(out.bytes(), out.from(), out.length());
        }
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
