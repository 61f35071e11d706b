package com.opengrail.kafka.sse.bench;

import java.util.Arrays;
import java.util.List;

/**
 * A named set of what is asked of a server.
 *
 * @param clients how many there are
 * @param rate records per second
 * @param valueBytes the length of each value
 * @param keys how many different keys, and thereby event names, the records have; more than {@link Stamp#LANES} means that
 *     each client filters for one of them
 * @param stuckEvery every how many-th client never reads; 0: all read
 * @param records how many records there are before the first client comes
 * @param heapMegabytes what the server's process may use
 */
record Scenario(
        String name,
        Kind kind,
        int clients,
        int rate,
        int valueBytes,
        int keys,
        int stuckEvery,
        int records,
        int heapMegabytes) {

    /** What is done, and with which targets where none are named. */
    enum Kind {
        FAN_OUT(Target.WIRE, Target.JETTY, Target.TOMCAT),
        IDLE(Target.BARE_JETTY, Target.JETTY, Target.BARE_TOMCAT, Target.TOMCAT),
        REPLAY(Target.WIRE, Target.JETTY, Target.TOMCAT),
        RESUME(Target.JETTY, Target.TOMCAT);

        final List<Target> targets;

        Kind(Target... targets) {
            this.targets = List.of(targets);
        }
    }

    private static final int LANES = Stamp.LANES;
    private static final int MILLION = 1_000_000;
    private static final int HEAP = 1024;

    /** Name, kind, clients, records per second, bytes of a value, keys, stuck every, records before, heap. */
    static final List<Scenario> ALL = List.of(
            new Scenario("100x1000", Kind.FAN_OUT, 100, 1000, 200, LANES, 0, 0, HEAP),
            new Scenario("1000x100", Kind.FAN_OUT, 1000, 100, 200, LANES, 0, 0, HEAP),
            new Scenario("5000x20", Kind.FAN_OUT, 5000, 20, 200, LANES, 0, 0, HEAP),
            new Scenario("1000x1000", Kind.FAN_OUT, 1000, 1000, 200, LANES, 0, 0, HEAP),
            new Scenario("idle-5000", Kind.IDLE, 5000, 0, 200, LANES, 0, 0, HEAP),
            new Scenario("10000x4-1k", Kind.FAN_OUT, 10_000, 4, 1024, LANES, 0, 0, 256),
            new Scenario("replay-1", Kind.REPLAY, 1, 0, 200, LANES, 0, MILLION, HEAP),
            new Scenario("replay-20", Kind.REPLAY, 20, 0, 200, LANES, 0, MILLION, HEAP),
            new Scenario("5000x4", Kind.FAN_OUT, 5000, 4, 200, LANES, 0, 0, HEAP),
            new Scenario("5000-filters", Kind.FAN_OUT, 5000, 20_000, 200, 5000, 0, 0, HEAP),
            new Scenario("resume-5000", Kind.RESUME, 5000, 4, 200, LANES, 0, 0, HEAP),
            new Scenario("1000x200", Kind.FAN_OUT, 1000, 200, 200, LANES, 0, 0, HEAP),
            new Scenario("1000x200-stuck", Kind.FAN_OUT, 1000, 200, 200, LANES, 100, 0, HEAP));

    /** The targets where none are named. Filters are this library's alone. */
    List<Target> targets() {
        return filters() ? List.of(Target.JETTY, Target.TOMCAT) : kind.targets;
    }

    boolean filters() {
        return keys > LANES;
    }

    /** How many records of those produced a client has to get. */
    long expected(int client, long produced) {
        return filters() ? (produced - client + keys - 1) / keys : produced;
    }

    /** What a client asks for. */
    String request(int client) {
        String query = kind == Kind.REPLAY ? "?offset=earliest" : filters() ? "?event=k" + client : "";
        return "/kafka-sse" + query;
    }

    /** The same with a part of the clients, filters and records. */
    Scenario scaled(double scale) {
        int fewer = Math.max(1, (int) (clients * scale));
        return new Scenario(
                name,
                kind,
                fewer,
                filters() ? Math.max(1, (int) (rate * scale)) : rate,
                valueBytes,
                filters() ? Math.max(LANES + 1, fewer) : keys,
                stuckEvery > 0 ? Math.min(stuckEvery, Math.max(2, fewer)) : 0,
                (int) (records * scale),
                heapMegabytes);
    }

    static Scenario named(String name) {
        return ALL.stream()
                .filter(scenario -> scenario.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("bench.scenarios names \"" + name + "\"; there are "
                        + Arrays.toString(ALL.stream().map(Scenario::name).toArray())));
    }
}
