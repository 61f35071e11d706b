package com.opengrail.kafka.sse.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one client has got over all its connections.
 *
 * <p>Threads: safe.
 */
final class Journal {

    /** The number of a record, and the connection on which its event came. */
    record Entry(int number, int connection) {}

    private final Map<Integer, List<Entry>> entries = new TreeMap<>();
    private final List<String> presented = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private String firstId = "";
    private String lastId = "";

    /** A connection is about to be made, with the last event id. */
    synchronized String connection() {
        presented.add(lastId);
        return lastId;
    }

    synchronized void id(String id) {
        if (!id.isEmpty()) {
            lastId = id;
            firstId = firstId.isEmpty() ? id : firstId;
        }
    }

    synchronized void event(int partition, int number) {
        entries.computeIfAbsent(partition, any -> new ArrayList<>()).add(new Entry(number, presented.size() - 1));
    }

    /** Something that must not happen at all. */
    synchronized void fault(String text) {
        faults.add("connection " + (presented.size() - 1) + ": " + text);
    }

    /** The position at which the client started; empty as long as it has been told none. */
    synchronized String firstId() {
        return firstId;
    }

    synchronized List<Entry> entries(int partition) {
        return List.copyOf(entries.getOrDefault(partition, List.of()));
    }

    synchronized int lastNumber(int partition) {
        List<Entry> all = entries.getOrDefault(partition, List.of());
        return all.isEmpty() ? -1 : all.get(all.size() - 1).number();
    }

    /** The number of connections with which the client came back. */
    synchronized int resumptions() {
        return (int) presented.stream().filter(id -> !id.isEmpty()).count();
    }

    /** The id with which the client came on a connection. */
    synchronized String presentedOn(int connection) {
        return presented.get(connection);
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }
}
