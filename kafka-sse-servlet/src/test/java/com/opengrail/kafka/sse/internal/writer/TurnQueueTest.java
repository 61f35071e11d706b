package com.opengrail.kafka.sse.internal.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Race;
import com.opengrail.kafka.sse.testing.ScriptedContainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnQueueTest {
    private static final int CLIENTS = 200;
    private static final int TURNS = 20_000;

    private final TurnQueue queue = new TurnQueue();

    @Test
    void shouldGiveBackEachInTheOrderInWhichTheyWereAdded() throws IOException {
        List<LaneMember> clients = enterNew();
        List<LaneMember> some = List.of(clients.get(150), clients.get(0), clients.get(CLIENTS - 1), clients.get(7));
        assertTrue(queue.isEmpty());
        some.forEach(queue::add);
        assertEquals(some, takeAll());
        assertTrue(queue.isEmpty());
        assertEquals(List.of(), takeAll());
    }

    @Test
    void shouldGiveTheNumberOfOneThatLeftToTheNext() throws IOException {
        List<LaneMember> clients = enterNew();
        for (int i = 0; i < CLIENTS; i++) {
            LaneMember leaving = clients.get(i);
            queue.leave(leaving);
            LaneMember next = newClient();
            queue.enter(next);
            assertEquals(leaving.number, next.number);
            assertSame(next, queue.client(next.number));
            clients.set(i, next);
        }
        clients.forEach(queue::add);
        assertEquals(clients, takeAll());
    }

    @Test
    void shouldHaveAllThatHaveEnteredAndNotLeft() throws IOException {
        List<LaneMember> clients = enterNew();
        clients.subList(50, 60).forEach(queue::leave);
        clients.subList(50, 60).clear();
        assertEquals(clients, queue.clients().toList());
    }

    @Test
    void shouldLoseNobodyWhileOthersComeAndGo() throws Exception {
        List<LaneMember> first = newClients();
        List<LaneMember> second = newClients();
        List<LaneMember> others = newClients();
        Set<LaneMember> waiting = ConcurrentHashMap.newKeySet();
        AtomicInteger added = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        Race.run(
                () -> addOverAndOver(first, waiting, added),
                () -> addOverAndOver(second, waiting, added),
                () -> {
                    for (int i = 0; i < TURNS; i++) {
                        LaneMember other = others.get(i % CLIENTS);
                        if (i / CLIENTS % 2 == 0) {
                            queue.enter(other);
                        } else {
                            queue.leave(other);
                        }
                    }
                },
                () -> {
                    while (taken.get() < 2 * TURNS) {
                        for (LaneMember client : takeAll()) {
                            assertTrue(waiting.remove(client), "one that was not added had its turn");
                            taken.incrementAndGet();
                        }
                        Thread.onSpinWait();
                    }
                });
        assertEquals(added.get(), taken.get());
        assertEquals(List.of(), takeAll());
    }

    /** As a holder does: one is added again only when it has had its turn. */
    private void addOverAndOver(List<LaneMember> clients, Set<LaneMember> waiting, AtomicInteger added) {
        for (int i = 0; i < TURNS; i++) {
            LaneMember client = clients.get(i % CLIENTS);
            if (i < CLIENTS) {
                queue.enter(client);
            }
            while (!waiting.add(client)) {
                Thread.onSpinWait();
            }
            queue.add(client);
            added.incrementAndGet();
        }
    }

    private List<LaneMember> takeAll() {
        List<LaneMember> taken = new ArrayList<>();
        int next = queue.takeAll();
        while (next != TurnQueue.NONE) {
            LaneMember client = queue.client(next);
            next = client.nextQueued;
            taken.add(client);
        }
        return taken;
    }

    private List<LaneMember> enterNew() throws IOException {
        List<LaneMember> clients = newClients();
        clients.forEach(queue::enter);
        return clients;
    }

    private static List<LaneMember> newClients() throws IOException {
        List<LaneMember> clients = new ArrayList<>();
        while (clients.size() < CLIENTS) {
            clients.add(newClient());
        }
        return clients;
    }

    private static LaneMember newClient() throws IOException {
        return new ClientWriter(null, new ScriptedContainer(0, 100, Runnable::run).context, null, 0);
    }
}
