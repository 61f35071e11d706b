package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.testing.SwarmSelector;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the requests of an attack at its pace, from addresses that no honest client has. Where it holds as many
 * connections as it may, it resets the oldest.
 *
 * <p>Threads: its own, and one that reads.
 */
final class Attacker extends Thread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Attacker.class);

    /** Selectors give those from here on other addresses than 127.0.0.1. */
    private static final int FIRST_NUMBER = 20_000;

    private static final long LOOK_NANOS = 500_000;

    private final Attack attack;
    private final Attack.Topics topics;
    private final int most;
    private final SwarmSelector selector;
    private final Queue<Stranger> open = new ArrayDeque<>();
    private final Map<String, LongAdder> answers = new ConcurrentSkipListMap<>();
    private volatile boolean closed;

    /**
     * An attacker to be started.
     *
     * @param scale the part of the connections that there are
     */
    Attacker(Attack attack, Attack.Topics topics, int port, double scale) throws IOException {
        super("attacker");
        setDaemon(true);
        this.attack = attack;
        this.topics = topics;
        this.most = Math.max(1, (int) (attack.manner.connections * scale));
        this.selector = new SwarmSelector("attacks", URI.create("http://127.0.0.1:" + port), LOG::warn);
    }

    @Override
    public void run() {
        selector.start();
        long start = System.nanoTime();
        int sent = 0;
        while (!closed) {
            long due = 1 + (System.nanoTime() - start) * attack.manner.perSecond / 1_000_000_000L;
            while (sent < due && mayCome()) {
                Stranger stranger = new Stranger(
                        FIRST_NUMBER + sent,
                        attack.manner == Attack.Manner.STARES,
                        attack.bytes(sent, topics),
                        answers);
                open.add(stranger);
                selector.open(stranger);
                sent++;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Makes room for one more, unless those who have come stay. */
    private boolean mayCome() {
        if (open.size() >= most && attack.manner != Attack.Manner.STAYS) {
            selector.cut(open.remove());
        }
        return open.size() < most;
    }

    /** How often each answer was given: a status, or how a connection ended without one. */
    String answers() {
        return answers.toString();
    }

    @Override
    public void close() {
        closed = true;
        try {
            join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        selector.close();
    }
}
