package com.opengrail.kafka.sse.bench;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What a container leaves: one consumer, each poll encoded once, the same bytes given to every {@link WriteListener} by a
 * writer per processor, and nothing else.
 */
final class SharedWritesServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient List<Writer> writers = Stream.generate(Writer::new)
            .limit(Runtime.getRuntime().availableProcessors())
            .toList();
    private final AtomicInteger opened = new AtomicInteger();
    private transient volatile WireBatch newest = new WireBatch(ByteBuffer.allocate(0));

    SharedWritesServlet(String brokers, String topic) {
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Records.consumerProperties(brokers), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        Records.assign(consumer, topic, false);
        writers.forEach(Thread::start);
        new Thread(() -> poll(consumer), "shared-poll").start();
    }

    private void poll(KafkaConsumer<byte[], byte[]> consumer) {
        try (consumer) {
            WireBatch.Encoder encoder = new WireBatch.Encoder();
            while (true) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                if (!records.isEmpty()) {
                    WireBatch batch = new WireBatch(encoder.encodeBare(records));
                    newest.next = batch;
                    newest = batch;
                    writers.forEach(LockSupport::unpark);
                }
            }
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        request.startAsync().setTimeout(0);
        response.setContentType("text/event-stream");
        response.flushBuffer();
        Writer writer = writers.get(opened.getAndIncrement() % writers.size());
        Client client = new Client(response.getOutputStream(), writer, newest);
        writer.clients.add(client);
        client.out.setWriteListener(client);
    }

    /** A client is written to by its {@link Writer} alone. */
    private static final class Client implements WriteListener {
        private final ServletOutputStream out;
        private final Writer writer;
        private WireBatch written;
        private boolean unflushed;
        private volatile boolean writable;

        Client(ServletOutputStream out, Writer writer, WireBatch newest) {
            this.out = out;
            this.writer = writer;
            this.written = newest;
        }

        @Override
        public void onWritePossible() {
            writable = true;
            LockSupport.unpark(writer);
        }

        @Override
        public void onError(Throwable failure) {
            writer.clients.remove(this);
        }

        void write() throws IOException {
            while (writable && (unflushed || written.next != null)) {
                // Said before it is asked: the container may call back while it is being asked.
                writable = false;
                if (!out.isReady()) {
                    return;
                }
                writable = true;
                if (written.next != null) {
                    written = written.next;
                    out.write(written.bytes.array());
                    unflushed = true;
                } else {
                    unflushed = false;
                    out.flush();
                }
            }
        }
    }

    /** Writes each batch to a share of the clients. */
    private static final class Writer extends Thread {
        private final List<Client> clients = new CopyOnWriteArrayList<>();

        @Override
        public void run() {
            while (true) {
                clients.forEach(this::write);
                LockSupport.park(this);
            }
        }

        private void write(Client client) {
            try {
                client.write();
            } catch (IOException e) {
                clients.remove(client);
            }
        }
    }
}
