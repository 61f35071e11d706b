package com.opengrail.kafka.sse.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.KafkaSseServlet;
import com.opengrail.kafka.sse.internal.position.EventId;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Footprint;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.WebServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients that cut themselves off, a broker that is killed, containers that are stopped, transactions that are aborted and
 * partitions that are added, for minutes: in the end each client has, for each partition, exactly the committed records
 * after its start that pass its filter, in order, once.
 *
 * <p>What happens follows from the seed that is logged, timing aside.
 */
class TortureIT {
    private static final Logger LOG = LoggerFactory.getLogger(TortureIT.class);
    private static final long SECONDS = Long.getLong("torture.seconds", 120);
    private static final long SEED = Long.getLong("torture.seed", new Random().nextInt(1_000_000_000));
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private static final int CLIENTS = 50;
    private static final int PARTITIONS = 6;
    private static final int MORE_PARTITIONS = 8;
    private static final int FIRST_TRANSACTIONS = 5;
    private static final int MOST_DIFFERENCES = 10;

    /** One in so many clients comes in the course of the first half only. */
    private static final int LATE_EVERY = 5;

    private static final List<String> FILTERS = List.of("a", "b,c", "[ad]", "never");

    /** What is done to the servers. */
    private enum Blow {
        CONTAINER,
        BROKER,
        BOTH
    }

    private final Random random = new Random(SEED);
    private final List<TortureClient> clients = new ArrayList<>();
    private final int port = JavaProcess.freePort();
    private KafkaBroker broker;
    private WebServer server;
    private String topic;
    private int containers;
    private int kills;
    private double replayed;

    /** A client, and what it asked for. A null filter is of one that gets everything. */
    private record TortureClient(RecklessClient client, boolean late, long startOffset, String filter) {}

    @Test
    void shouldGiveEachClientExactlyItsRecordsWhateverIsKilled(@TempDir Path folder) throws Exception {
        LOG.warn("torture.seed={} torture.seconds={}", SEED, SECONDS);
        broker = KafkaBroker.start(folder.resolve("broker"), JavaProcess.freePort());
        topic = broker.topics().create("torture", PARTITIONS);
        try (TransactionalProducer producer = new TransactionalProducer(
                broker.bootstrapServers(), topic, PARTITIONS, MORE_PARTITIONS, new Random(random.nextLong()))) {
            producer.start();
            Await.until("transactions", LIMIT, () -> producer.committed() >= FIRST_TRANSACTIONS, producer::committed);
            startContainer();
            startClients();
            torture(producer);
            clients.forEach(each -> each.client().calmDown());
            producer.end();
            CommittedLog log = CommittedLog.read(broker.bootstrapServers(), topic, MORE_PARTITIONS);
            awaitAllCaughtUp(log);
            check(log, producer);
        } finally {
            clients.forEach(each -> each.client().close());
            if (server != null) {
                server.close();
            }
            broker.close();
        }
    }

    private void startClients() {
        for (int i = 0; i < CLIENTS; i++) {
            boolean late = i % LATE_EVERY == LATE_EVERY - 1;
            // A number is of partitions that are there from the beginning, so late clients name none.
            long startOffset = i % 3 == 0 ? 0 : i % 3 == 1 || late ? -1 : random.nextInt(100);
            String filter = i % 2 == 0 ? FILTERS.get(i / 2 % FILTERS.size()) : null;
            long delay = late ? (long) (random.nextDouble() * SECONDS * 500) : 0;
            String start = startOffset < 0 ? "offset=latest" : "offset=" + startOffset;
            String event = filter == null ? "" : "&event=" + filter + "," + TransactionalProducer.END;
            URI url = server.uri(
                    "/kafka-sse?" + (start + event).replace("[", "%5B").replace("]", "%5D"));
            RecklessClient client = new RecklessClient("client " + i, url, delay, new Random(random.nextLong()));
            clients.add(new TortureClient(client, late, startOffset, filter));
            client.start();
        }
        Await.until(
                "a start of each client",
                LIMIT,
                () -> clients.stream()
                        .allMatch(each -> each.late()
                                || !each.client().journal().firstId().isEmpty()),
                () -> clients);
    }

    /** Each kind of blow comes before one comes again. */
    private void torture(TransactionalProducer producer) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        long half = end - TimeUnit.SECONDS.toNanos(SECONDS) / 2;
        List<Blow> blows = new ArrayList<>();
        boolean added = false;
        while (System.nanoTime() - end < 0 || kills < 2 || !added) {
            pause(2000 + random.nextInt(4000));
            if (!added && System.nanoTime() - half > 0) {
                addPartitions();
                producer.writeTo(MORE_PARTITIONS);
                added = true;
                continue;
            }
            if (blows.isEmpty()) {
                Collections.addAll(blows, Blow.values());
                Collections.shuffle(blows, random);
            }
            strike(blows.remove(0));
        }
    }

    private void strike(Blow blow) throws Exception {
        LOG.info("{}", blow);
        if (blow != Blow.CONTAINER) {
            broker.kill();
            kills++;
            pause(random.nextInt(2000));
        }
        if (blow != Blow.BROKER) {
            stopContainer();
            startContainer();
        }
        if (blow != Blow.CONTAINER) {
            broker.restart();
        }
    }

    private void stopContainer() throws Exception {
        replayed += Footprint.recordsReplayed();
        server.close();
        server = null;
    }

    /** Jetty and Tomcat in turn, each once with a window so small that clients fall behind it, then with a larger one. */
    private void startContainer() throws Exception {
        int number = containers++;
        WebServer.Kind kind = WebServer.Kind.values()[number % WebServer.Kind.values().length];
        boolean small = number / WebServer.Kind.values().length % 2 == 0;
        server = kind.start(
                port,
                new KafkaSseServlet(),
                Map.of(
                        "topic",
                        topic,
                        "kafka-broker-url",
                        broker.bootstrapServers(),
                        "keep-alive-millis",
                        "500",
                        "buffer-size",
                        small ? "100" : "512",
                        "window-bytes",
                        small ? "65536" : "4194304"));
    }

    private void addPartitions() throws Exception {
        try (Admin admin = broker.topics().admin()) {
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(MORE_PARTITIONS)))
                    .all()
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private void awaitAllCaughtUp(CommittedLog log) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!clients.stream().allMatch(each -> hasCaughtUp(each, log)) && System.nanoTime() - deadline < 0) {
            pause(100);
        }
    }

    private static boolean hasCaughtUp(TortureClient client, CommittedLog log) {
        for (int partition = 0; partition < log.partitions(); partition++) {
            if (client.client().journal().lastNumber(partition) < log.lastNumber(partition)) {
                return false;
            }
        }
        return true;
    }

    private void check(CommittedLog log, TransactionalProducer producer) throws Exception {
        replayed += Footprint.recordsReplayed();
        int resumptions = clients.stream()
                .mapToInt(each -> each.client().journal().resumptions())
                .sum();
        int lost = clients.stream()
                .mapToInt(each -> each.client().lostConnections())
                .sum();
        String summary = String.format(
                "seed %d: %s committed records, %d transactions aborted, %d failed, %d kills, %d containers,"
                        + " %d resumptions, %d connections lost, %.0f records replayed",
                SEED, log, producer.aborted(), producer.failed(), kills, containers, resumptions, lost, replayed);
        LOG.warn(summary);
        List<String> differences = new ArrayList<>();
        for (TortureClient each : clients) {
            each.client().journal().faults().forEach(fault -> differences.add(each.client() + ", " + fault));
            for (int partition = 0; partition < log.partitions(); partition++) {
                addDifference(differences, each, partition, log);
            }
        }
        assertEquals(
                List.of(),
                differences.subList(0, Math.min(MOST_DIFFERENCES, differences.size())),
                () -> differences.size() + " differences, " + summary);
        assertTrue(producer.aborted() > 0 && resumptions > CLIENTS && lost > 0 && replayed > 0, summary);
    }

    private void addDifference(List<String> differences, TortureClient each, int partition, CommittedLog log) {
        Journal journal = each.client().journal();
        if (journal.firstId().isEmpty()) {
            differences.add(each.client() + " never started");
            return;
        }
        List<Integer> expected = log.numbers(partition, startOf(each, partition), name -> passes(each, name));
        List<Journal.Entry> got = journal.entries(partition);
        int same = 0;
        while (same < Math.min(expected.size(), got.size())
                && expected.get(same) == got.get(same).number()) {
            same++;
        }
        if (same < Math.max(expected.size(), got.size())) {
            String wanted = same < expected.size() ? "number " + expected.get(same) : "nothing";
            String came = "nothing";
            if (same < got.size()) {
                Journal.Entry entry = got.get(same);
                came = "number " + entry.number() + " on connection " + entry.connection() + " of id "
                        + journal.presentedOn(entry.connection());
            }
            differences.add(String.format(
                    "%s, partition %d: event %d of %d was to be %s but was %s",
                    each.client(), partition, same, expected.size(), wanted, came));
        }
    }

    private static boolean passes(TortureClient each, String name) {
        return each.filter() == null
                || name.equals(TransactionalProducer.END)
                || name.matches(each.filter().replace(',', '|'));
    }

    /** The offset at which a client started: what it asked for, or for the latest what its first id says. */
    private long startOf(TortureClient each, int partition) {
        if (each.startOffset() >= 0) {
            return partition < PARTITIONS ? each.startOffset() : 0;
        }
        EventId first = PositionCodec.decode(each.client().journal().firstId(), List.of(topic));
        Layout.Topic named = new Layout.Topic(topic, Uuid.ZERO_UUID, PARTITIONS);
        return partition < first.partitions(named) ? first.next(named, partition) : 0;
    }
}
