package com.opengrail.kafka.sse.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The yardstick: one consumer, records encoded once per poll, the same bytes written to every socket, nothing else: no
 * ids to resume from, no keep-alives, no limits, no metrics. A client that asks for {@code offset=earliest} gets a loop of
 * its own that writes each poll of a consumer to its socket.
 *
 * <p>Threads: one accepts, one polls, one per processor writes, and one per client that starts at the beginning.
 */
final class Wire {
    private static final byte[] HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(US_ASCII);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int BACKLOG = 4096;

    private final String brokers;
    private final String topic;
    private final List<WireWriter> writers = new ArrayList<>();

    /** Written by the polling thread. */
    private volatile WireBatch newest = new WireBatch(ByteBuffer.allocate(0));

    private Wire(String brokers, String topic) {
        this.brokers = brokers;
        this.topic = topic;
    }

    static void start(int port, String brokers, String topic) throws IOException {
        Wire wire = new Wire(brokers, topic);
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            WireWriter writer = new WireWriter(i);
            wire.writers.add(writer);
            writer.start();
        }
        KafkaConsumer<byte[], byte[]> consumer = wire.newConsumer();
        Records.assign(consumer, topic, false);
        new Thread(() -> wire.poll(consumer), "wire-poll").start();
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress("127.0.0.1", port), BACKLOG);
        new Thread(() -> wire.accept(listener), "wire-accept").start();
    }

    private KafkaConsumer<byte[], byte[]> newConsumer() {
        return new KafkaConsumer<>(
                Records.consumerProperties(brokers), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private void poll(KafkaConsumer<byte[], byte[]> consumer) {
        WireBatch.Encoder encoder = new WireBatch.Encoder();
        while (true) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                WireBatch batch = new WireBatch(encoder.encode(records));
                newest.next = batch;
                newest = batch;
                writers.forEach(WireWriter::wake);
            }
        }
    }

    private void accept(ServerSocketChannel listener) {
        for (int accepted = 0; true; accepted++) {
            try {
                SocketChannel channel = listener.accept();
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                if (request(channel).contains("offset=earliest")) {
                    new Thread(() -> replay(channel), "wire-replay").start();
                } else {
                    channel.configureBlocking(false);
                    writers.get(accepted % writers.size()).add(new WireConnection(channel, newest));
                }
            } catch (IOException e) {
                System.err.println("a client is gone: " + e);
            }
        }
    }

    /** Reads the request, which comes at once and whole, and answers its head; empty for one that has gone. */
    private static String request(SocketChannel channel) throws IOException {
        ByteBuffer request = ByteBuffer.allocate(1024);
        while (!US_ASCII.decode(request.duplicate().flip()).toString().endsWith("\r\n\r\n")) {
            if (channel.read(request) < 0) {
                channel.close();
                throw new IOException("closed without a request");
            }
        }
        channel.write(ByteBuffer.wrap(HEAD));
        return US_ASCII.decode(request.flip()).toString();
    }

    private void replay(SocketChannel channel) {
        WireBatch.Encoder encoder = new WireBatch.Encoder();
        try (channel;
                KafkaConsumer<byte[], byte[]> consumer = newConsumer()) {
            Records.assign(consumer, topic, true);
            while (channel.isOpen()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                ByteBuffer chunk = records.isEmpty() ? ByteBuffer.allocate(0) : encoder.encode(records);
                while (chunk.hasRemaining()) {
                    channel.write(chunk);
                }
            }
        } catch (IOException e) {
            System.err.println("a client is gone: " + e);
        }
    }
}
