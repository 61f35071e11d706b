package com.opengrail.kafka.sse.internal.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Race;
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
        List<ClientWriter> clients = enterNew();
        List<ClientWriter> some = List.of(clients.get(150), clients.get(0), clients.get(CLIENTS - 1), clients.get(7));
        assertTrue(queue.isEmpty());
        some.forEach(queue::add);
        assertEquals(some, takeAll());
        assertTrue(queue.isEmpty());
        assertEquals(List.of(), takeAll());
    }

    @Test
    void shouldGiveTheNumberOfOneThatLeftToTheNext() throws IOException {
        List<ClientWriter> clients = enterNew();
        for (int i = 0; i < CLIENTS; i++) {
            ClientWriter leaving = clients.get(i);
            queue.leave(leaving);
            ClientWriter next = newClient();
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
        List<ClientWriter> clients = enterNew();
        clients.subList(50, 60).forEach(queue::leave);
        clients.subList(50, 60).clear();
        assertEquals(clients, queue.clients().toList());
    }

    @Test
    void shouldLoseNobodyWhileOthersComeAndGo() throws Exception {
        List<ClientWriter> first = newClients();
        List<ClientWriter> second = newClients();
        List<ClientWriter> others = newClients();
        Set<ClientWriter> waiting = ConcurrentHashMap.newKeySet();
        AtomicInteger added = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        Race.run(
                () -> addOverAndOver(first, waiting, added),
                () -> addOverAndOver(second, waiting, added),
                () -> {
                    for (int i = 0; i < TURNS; i++) {
                        ClientWriter other = others.get(i % CLIENTS);
                        if (i / CLIENTS % 2 == 0) {
                            queue.enter(other);
                        } else {
                            queue.leave(other);
                        }
                    }
                },
                () -> {
                    while (taken.get() < 2 * TURNS) {
                        for (ClientWriter client : takeAll()) {
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
    private void addOverAndOver(List<ClientWriter> clients, Set<ClientWriter> waiting, AtomicInteger added) {
        for (int i = 0; i < TURNS; i++) {
            ClientWriter client = clients.get(i % CLIENTS);
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

    private List<ClientWriter> takeAll() {
        List<ClientWriter> taken = new ArrayList<>();
        int next = queue.takeAll();
        while (next != TurnQueue.NONE) {
            ClientWriter client = queue.client(next);
            next = client.nextQueued;
            taken.add(client);
        }
        return taken;
    }

    private List<ClientWriter> enterNew() throws IOException {
        List<ClientWriter> clients = newClients();
        clients.forEach(queue::enter);
        return clients;
    }

    private static List<ClientWriter> newClients() throws IOException {
        List<ClientWriter> clients = new ArrayList<>();
        while (clients.size() < CLIENTS) {
            clients.add(newClient());
        }
        return clients;
    }

    private static ClientWriter newClient() throws IOException {
        return new ClientWriter(null, new ScriptedContainer(0, 100, Runnable::run).context, null, 0);
    }
}
