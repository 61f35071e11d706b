package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.opengrail.kafka.sse.internal.position.EventId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The oracle of one client: what it has received, held against the log. For each partition that is exactly the matching
 * events from where it started, in order, once, but for what a gap told; after a log that was truncated or made anew
 * it is all that there is.
 */
final class Expectation {
    private static final Pattern GAP =
            Pattern.compile("\\{\"topic\":\"orders\",\"partition\":(\\d+),\"from\":(\\d+),\"to\":(\\d+),"
                    + "\"reason\":\"(retention|truncated|recreated)\"}");

    /** The most events of a kind in the message of a failure. */
    private static final int SHOWN = 8;

    /** One partition: where the client started, what it got since, and what it was told to be gone. */
    private static final class Part {
        private long from;
        private final List<String> got = new ArrayList<>();
        private final List<long[]> gone = new ArrayList<>();

        void startOver(long at) {
            from = at;
            got.clear();
            gone.clear();
        }

        long after() {
            return got.isEmpty() ? 0 : offset(got.get(got.size() - 1)) + 1;
        }
    }

    private final LogModel log;
    private final Predicate<LogModel.Logged> passes;
    private final Map<Integer, Part> parts = new HashMap<>();
    private final Map<String, Integer> gaps = new HashMap<>();
    private final List<Matcher> notYetInTheId = new ArrayList<>();
    private boolean started;

    Expectation(LogModel log, Predicate<LogModel.Logged> passes) {
        this.log = log;
        this.passes = passes;
    }

    /** The number of gaps told for a reason. */
    int gaps(String reason) {
        return gaps.getOrDefault(reason, 0);
    }

    private Part part(int partition) {
        return parts.computeIfAbsent(partition, any -> new Part());
    }

    /** The first position says where the client starts; partitions that it does not name are added later. */
    void positionTold(EventId id) {
        if (!started) {
            started = true;
            for (int p = 0; p < log.layout().size(); p++) {
                part(p).startOver(Math.max(0, id.next(LogModel.TOPIC, p)));
            }
        }
    }

    /** Takes a gap, with the id that the client has then: the last of several tells the position after all of them. */
    void gapTold(String json, EventId id) {
        Matcher gap = GAP.matcher(json);
        assertTrue(gap.matches(), json);
        notYetInTheId.add(gap);
        if (notYetInTheId.stream().allMatch(told -> isAfter(told, id))) {
            notYetInTheId.forEach(this::apply);
            notYetInTheId.clear();
        }
    }

    private static boolean isAfter(Matcher gap, EventId id) {
        return id.next(LogModel.TOPIC, Integer.parseInt(gap.group(1))) == Long.parseLong(gap.group(3));
    }

    private void apply(Matcher gap) {
        Part part = part(Integer.parseInt(gap.group(1)));
        long from = Long.parseLong(gap.group(2));
        long to = Long.parseLong(gap.group(3));
        gaps.merge(gap.group(4), 1, Integer::sum);
        if (gap.group(4).equals("retention")) {
            part.gone.add(new long[] {Math.max(from, part.after()), to});
        } else {
            part.startOver(to);
        }
    }

    /** Takes an event, with the id that the client has then. */
    void received(String data, EventId id) {
        assertEquals(List.of(), notYetInTheId, "gaps that no id tells the position after");
        String[] parsed = data.split(":");
        int partition = Integer.parseInt(parsed[1]);
        long offset = Long.parseLong(parsed[2]);
        part(partition).got.add(data);
        List<LogModel.Logged> ofRecord =
                log.matching(Integer.parseInt(parsed[0]), partition, offset, offset + 1, passes);
        assertEquals(
                ofRecord.get(ofRecord.size() - 1).part() == Integer.parseInt(parsed[3]),
                id.next(LogModel.TOPIC, partition) == offset + 1,
                "only the last event of a record that passes carries the id: " + data);
    }

    /** What was received after the last id will come again. */
    void checkResumableFrom(EventId id) {
        notYetInTheId.clear();
        parts.forEach((partition, part) -> {
            long next = Math.max(0, id.next(LogModel.TOPIC, partition));
            part.got.removeIf(data -> offset(data) >= next);
        });
        checkReceivedUpTo(id);
    }

    /** The last id stands for just what has been received, unless the topic is another by now. */
    void checkReceivedUpTo(EventId id) {
        if (started && id.isWithin(log.layout())) {
            parts.keySet().forEach(partition -> assertReceived(partition, id.next(LogModel.TOPIC, partition)));
        }
    }

    /** All that is in the log has been received. */
    void checkAllReceived(EventId id) {
        assertTrue(id.isWithin(log.layout()), "the last id is one of the topic as it is");
        for (int p = 0; p < log.layout().size(); p++) {
            long to = Math.max(log.end(p), id.next(LogModel.TOPIC, p));
            assertReceived(p, to);
        }
    }

    private void assertReceived(int partition, long to) {
        List<String> expected = expected(partition, to);
        List<String> got = part(partition).got;
        if (!expected.equals(got)) {
            int same = 0;
            while (same < Math.min(expected.size(), got.size())
                    && expected.get(same).equals(got.get(same))) {
                same++;
            }
            fail("partition " + partition + " up to " + to + ", after " + same + " events as expected: "
                    + few(expected, same) + " of " + expected.size() + " but was " + few(got, same) + " of "
                    + got.size());
        }
    }

    private static List<String> few(List<String> events, int from) {
        return events.subList(from, Math.min(events.size(), from + SHOWN));
    }

    private List<String> expected(int partition, long to) {
        Part part = part(partition);
        List<String> expected = new ArrayList<>();
        for (LogModel.Logged event : log.matching(log.incarnation(), partition, part.from, to, passes)) {
            if (part.gone.stream().noneMatch(gap -> event.offset() >= gap[0] && event.offset() < gap[1])) {
                expected.add(event.data());
            }
        }
        return expected;
    }

    private static long offset(String data) {
        return Long.parseLong(data.split(":")[2]);
    }
}
