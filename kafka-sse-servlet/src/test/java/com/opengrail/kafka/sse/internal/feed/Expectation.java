package com.opengrail.kafka.sse.internal.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.opengrail.kafka.sse.internal.position.EventId;
import com.opengrail.kafka.sse.internal.position.Layout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/**
 * The oracle of one client: what it has received, compared with the log. For each partition that is exactly the matching
 * events from where it started, in order, once, but for what a gap told. A rewritten record is another one than the old.
 *
 * <p>An id does not tell in which leader epoch its offsets were read. So a client that comes back after a truncation, past
 * whose offset the log has grown again, is not expected to notice.
 */
final class Expectation {
    private static final Pattern GAP =
            Pattern.compile("\\{\"topic\":\"(\\w+)\",\"partition\":(\\d+),\"from\":(\\d+),\"to\":(\\d+),"
                    + "\"reason\":\"(retention|truncated|recreated)\"}");

    /** The most events of a kind in the message of a failure. */
    private static final int SHOWN = 8;

    /** An event as it was received. */
    private record Got(String data, long offset) {}

    /** One partition: where the client started, what it got since, and what it does not miss. */
    private static final class Part {
        private long from;
        private final List<Got> got = new ArrayList<>();
        private final List<long[]> gone = new ArrayList<>();

        /** Offsets that were truncated: the client may have the old records or the new ones, without a way to know. */
        private final List<long[]> unknown = new ArrayList<>();

        /** The gap that was told last, if the client has been at its end ever since. */
        private String lastGap;

        private long lastGapTo;

        void startOver(long at) {
            from = at;
            got.clear();
            gone.clear();
            unknown.clear();
        }

        long after() {
            return got.isEmpty() ? 0 : got.get(got.size() - 1).offset() + 1;
        }
    }

    private final LogModel log;
    private final Predicate<LogModel.Logged> passes;
    private final Map<TopicPartition, Part> parts = new HashMap<>();
    private final Map<String, Integer> gaps = new HashMap<>();
    private final List<Matcher> notYetInTheId = new ArrayList<>();

    /** Partitions of which the client, being live, has to be told that they were truncated. */
    private final Map<TopicPartition, long[]> toBeTold = new HashMap<>();

    /** The last id before the gaps that are told now. */
    private EventId lastBeforeGaps;

    private boolean started;

    Expectation(LogModel log, Predicate<LogModel.Logged> passes) {
        this.log = log;
        this.passes = passes;
    }

    /** The number of gaps told for a reason. */
    int gaps(String reason) {
        return gaps.getOrDefault(reason, 0);
    }

    private Part part(TopicPartition partition) {
        return parts.computeIfAbsent(partition, any -> new Part());
    }

    private long next(EventId id, TopicPartition partition) {
        Layout.Topic topic = log.layout().topic(partition.topic());
        return Math.max(0, id.next(topic, partition.partition()));
    }

    /**
     * The first position says where the client starts; partitions that it does not name are added later. Of those that the
     * feed has yet to start in, the client may get what is older or not.
     */
    void positionTold(EventId id, Set<TopicPartition> unanswered) {
        movedTo(id);
        if (!started) {
            started = true;
            log.layout().partitions().forEach(partition -> part(partition).from = next(id, partition));
            unanswered.forEach(partition -> part(partition).unknown.add(new long[] {0, log.end(partition)}));
        }
    }

    private void movedTo(EventId id) {
        lastBeforeGaps = id;
        parts.forEach((partition, part) -> {
            if (next(id, partition) != part.lastGapTo) {
                part.lastGap = null;
            }
        });
    }

    /**
     * The log was truncated. A live client that is past that offset has to be told.
     *
     * @param before the end of the log before
     */
    void truncated(TopicPartition partition, long before, boolean isLive, EventId id) {
        long[] range = {log.end(partition), before};
        boolean isPast = started && id.isWithin(log.layout()) && next(id, partition) > log.end(partition);
        if (isLive && isPast) {
            toBeTold.merge(partition, range, (a, b) -> new long[] {Math.min(a[0], b[0]), Math.max(a[1], b[1])});
        } else {
            part(partition).unknown.add(range);
        }
    }

    /** The server has yet to notice truncations, or has read older records before. */
    void mayMeetOldRecords() {
        for (TopicPartition partition : log.layout().partitions()) {
            List<long[]> unknown = part(partition).unknown;
            log.truncations(partition).stream()
                    .filter(range -> !unknown.contains(range))
                    .forEach(unknown::add);
        }
    }

    /** The client is not live any more: it may not notice a truncation, if another one reads in between. */
    void mayNotNotice() {
        mayMeetOldRecords();
        toBeTold.forEach((partition, range) -> part(partition).unknown.add(range));
        toBeTold.clear();
    }

    /** Takes a gap, with the id that the client has then, if any: the last of several tells the position after all of them. */
    void gapTold(String json, EventId id) {
        Matcher gap = GAP.matcher(json);
        assertTrue(gap.matches(), json);
        notYetInTheId.add(gap);
        if (id != null && notYetInTheId.stream().allMatch(told -> isAfter(told, id))) {
            notYetInTheId.forEach(told -> apply(told, id));
            notYetInTheId.clear();
            lastBeforeGaps = id;
        }
    }

    private static TopicPartition partition(Matcher gap) {
        return new TopicPartition(gap.group(1), Integer.parseInt(gap.group(2)));
    }

    private boolean isAfter(Matcher gap, EventId id) {
        return next(id, partition(gap)) == Long.parseLong(gap.group(4));
    }

    private void apply(Matcher gap, EventId id) {
        Part part = part(partition(gap));
        long from = Long.parseLong(gap.group(3));
        long to = Long.parseLong(gap.group(4));
        assertNotEquals(gap.group(), part.lastGap, "told twice");
        // A log may be truncated to the same offset again, and an empty topic created anew again.
        part.lastGap = gap.group(5).equals("retention") ? gap.group() : null;
        part.lastGapTo = to;
        gaps.merge(gap.group(5), 1, Integer::sum);
        switch (gap.group(5)) {
            case "retention" -> {
                assertTrue(from < to, () -> "told of nothing: " + gap.group());
                part.gone.add(new long[] {Math.max(from, part.after()), to});
                long[] truncated = toBeTold.get(partition(gap));
                if (truncated != null && truncated[0] < to) {
                    // What was written instead has been deleted since.
                    part.unknown.add(truncated);
                    toBeTold.remove(partition(gap));
                }
            }
            case "truncated" -> {
                assertTrue(from > to, () -> "was never past it: " + gap.group());
                part.got.removeIf(event -> event.offset() >= to);
                part.gone.removeIf(range -> range[0] >= to);
                part.from = Math.min(part.from, to);
                part.unknown.removeIf(range -> range[0] >= to);
                toBeTold.remove(partition(gap));
            }
            default -> {
                part.startOver(to);
                toBeTold.remove(partition(gap));
                startOverUnnamed(gap.group(1), id);
            }
        }
    }

    /** A topic that was created anew may have partitions that an id did not name before, or does not yet: all is new. */
    private void startOverUnnamed(String topic, EventId id) {
        parts.forEach((partition, part) -> {
            boolean isUnnamed = isUnnamed(partition, lastBeforeGaps) || isUnnamed(partition, id);
            if (partition.topic().equals(topic) && isUnnamed) {
                part.startOver(0);
                toBeTold.remove(partition);
            }
        });
    }

    private boolean isUnnamed(TopicPartition partition, EventId id) {
        return id != null && id.next(log.layout().topic(partition.topic()), partition.partition()) < 0;
    }

    /** Takes an event, with the id that the client has then. */
    void received(String data, EventId id) {
        movedTo(id);
        assertEquals(List.of(), notYetInTheId, "gaps that no id tells the position after");
        String[] parsed = data.split(":");
        TopicPartition partition = new TopicPartition(parsed[2], Integer.parseInt(parsed[3]));
        long offset = Long.parseLong(parsed[4]);
        part(partition).got.add(new Got(data, offset));
        List<LogModel.Logged> ofRecord = log.matching(partition, offset, offset + 1, passes);
        boolean isOfLogAsItIs = offset < log.end(partition)
                && ofRecord.stream().anyMatch(event -> event.data().equals(data));
        if (isOfLogAsItIs) {
            assertEquals(
                    ofRecord.get(ofRecord.size() - 1).data().equals(data),
                    next(id, partition) == offset + 1,
                    "only the last event of a record that passes carries the id: " + data);
        }
    }

    /** The client comes back without an id: all is new to it. */
    void startsAnew() {
        notYetInTheId.clear();
        parts.values().forEach(part -> part.lastGap = null);
    }

    /** What was received after the last id will come again. */
    void checkResumableFrom(EventId id) {
        notYetInTheId.clear();
        mayNotNotice();
        parts.forEach((partition, part) -> {
            long next = next(id, partition);
            part.got.removeIf(event -> event.offset() >= next);
        });
        checkReceivedUpTo(id);
    }

    /** The last id stands for just what has been received, unless a topic is another by now. */
    void checkReceivedUpTo(EventId id) {
        if (started && id.isWithin(log.layout())) {
            parts.keySet().forEach(partition -> assertReceived(partition, next(id, partition)));
        }
    }

    /** All that is in the log has been received. */
    void checkAllReceived(EventId id) {
        assertTrue(id.isWithin(log.layout()), "the last id is one of the topics as they are");
        assertEquals(Map.of(), toBeTold, "truncations that a live client was not told of");
        for (TopicPartition partition : log.layout().partitions()) {
            assertReceived(partition, Math.max(log.end(partition), next(id, partition)));
        }
    }

    private void assertReceived(TopicPartition partition, long to) {
        Part part = part(partition);
        if (toBeTold.containsKey(partition) || to > log.end(partition)) {
            return;
        }
        List<String> expected = new ArrayList<>();
        for (LogModel.Logged event : log.matching(partition, part.from, to, passes)) {
            if (!isIn(part.gone, event.offset()) && !isIn(part.unknown, event.offset())) {
                expected.add(event.data());
            }
        }
        List<String> got = part.got.stream()
                .filter(event -> !isIn(part.unknown, event.offset()))
                .map(Got::data)
                .toList();
        if (!expected.equals(got)) {
            failWith(partition + " up to " + to, expected, got);
        }
    }

    private void failWith(String where, List<String> expected, List<String> got) {
        int same = 0;
        while (same < Math.min(expected.size(), got.size())
                && expected.get(same).equals(got.get(same))) {
            same++;
        }
        fail(where + " of " + log + ", after " + same + " events as expected: " + few(expected, same) + " of "
                + expected.size() + " but was " + few(got, same) + " of " + got.size());
    }

    private static boolean isIn(List<long[]> ranges, long offset) {
        for (long[] range : ranges) {
            if (offset >= range[0] && offset < range[1]) {
                return true;
            }
        }
        return false;
    }

    private static List<String> few(List<String> events, int from) {
        return events.subList(from, Math.min(events.size(), from + SHOWN));
    }
}
