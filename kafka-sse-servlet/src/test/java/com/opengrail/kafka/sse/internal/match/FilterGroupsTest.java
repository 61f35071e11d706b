package com.opengrail.kafka.sse.internal.match;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.gzip.ByteBudget;
import com.opengrail.kafka.sse.internal.gzip.CompressedRun;
import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.gzip.GzipStream;
import com.opengrail.kafka.sse.internal.gzip.WireBytes;
import com.opengrail.kafka.sse.internal.window.EventName;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.testing.ReadingFollower;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The tail knows the filters that clients have, those alone, and remembers a bounded amount of them. */
class FilterGroupsTest {
    private final EventNames names = new EventNames(EventFilter.all());
    private final EventName name = names.of("k1".getBytes(UTF_8));

    private final FilterGroups groups = new FilterGroups(System::nanoTime);

    private static EventFilter filter(String spec) {
        return EventFilter.parse(spec);
    }

    /** Publishes a match, and says whether the group was told of it. */
    private boolean isTold(FilterGroup group, long sequence) {
        groups.mark(name, sequence);
        groups.beforePublish();
        groups.wake();
        return group.firstMatchFrom(sequence) == sequence;
    }

    @Test
    void shouldTellAGroupOfMatchesFromTheTurnOnAfterItWasMadeUntilItsLastFollowerHasLeft() {
        Wakeable one = new ReadingFollower();
        Wakeable other = new ReadingFollower();
        FilterGroup group = groups.join(filter("k1"), one);
        groups.join(filter("k1"), other);
        assertFalse(isTold(group, 7));
        groups.absorb(8);

        assertTrue(isTold(group, 8));
        groups.leave(group, one);
        groups.absorb(9);
        assertTrue(isTold(group, 9));
        groups.leave(group, other);
        groups.absorb(10);
        assertFalse(isTold(group, 10));
    }

    /** A group is kept by the segments in which it has compressed something. The memory of its history is its clients'. */
    @Test
    void shouldForgetTheHistoryOfCompressionWithTheLastFollower() {
        Wakeable one = new ReadingFollower();
        Wakeable other = new ReadingFollower();
        FilterGroup group = groups.join(filter("k1"), one);
        groups.join(filter("k1"), other);
        try (Compressors compressors = new Compressors(1)) {
            CompressedRun run =
                    group.compressed(compressors, new ByteBudget(1 << 20)).newRun(0, Integer.MAX_VALUE);
            byte[] frame = new byte[400];
            new Random(1).nextBytes(frame);
            byte[] repeated = new byte[4 * frame.length];
            for (int i = 0; i < 4; i++) {
                System.arraycopy(frame, 0, repeated, i * frame.length, frame.length);
            }
            GzipStream client = new GzipStream();
            assertTrue(size(client, run, repeated, 0) > frame.length);
            assertTrue(size(client, run, repeated, 1) < frame.length / 4, "it refers to the first one");
            groups.leave(group, one);
            assertTrue(size(client, run, repeated, 2) < frame.length / 4, "there is another follower");
            groups.leave(group, other);
            assertTrue(size(client, run, repeated, 3) > frame.length, "there is no history");
        }
    }

    /** What one of several frames takes. */
    private static int size(GzipStream client, CompressedRun run, byte[] frames, int frame) {
        int length = frames.length / 4;
        WireBytes wire = new WireBytes();
        client.take(run, frames, frame * length, (frame + 1) * length, wire);
        return wire.length();
    }

    @Test
    void shouldNotLearnOfAGroupThatIsGoneAgainBeforeTheNextTurn() {
        Wakeable follower = new ReadingFollower();
        FilterGroup group = groups.join(filter("k1"), follower);
        groups.leave(group, follower);
        groups.absorb(5);
        assertFalse(isTold(group, 5));
    }

    @Test
    void shouldLeaveAloneAGroupThatWasMadeAfterTheOneThatIsLeftAgain() {
        Wakeable follower = new ReadingFollower();
        FilterGroup first = groups.join(filter("k1"), follower);
        groups.leave(first, follower);
        FilterGroup second = groups.join(filter("k1"), follower);
        assertNotSame(first, second);
        groups.leave(first, follower);
        assertEquals(Set.of(follower), second.clients());
        assertSame(second, groups.join(filter("k1"), follower));
        groups.absorb(3);
        assertTrue(isTold(second, 3));
    }

    /** The names of the feed and the expressions of strangers must not hold up the feed. */
    @Test
    void shouldWakeClientsToJudgeForThemselvesWhatThereWasNoTimeFor() {
        AtomicLong now = new AtomicLong();
        FilterGroups busy = new FilterGroups(() -> now.addAndGet(TimeUnit.MILLISECONDS.toNanos(30)));
        AtomicInteger wakings = new AtomicInteger();
        FilterGroup expression = busy.join(filter("[k]1"), new Waking(wakings));
        FilterGroup literal = busy.join(filter("k1"), new ReadingFollower());
        for (int i = 0; i < 8; i++) {
            busy.join(filter("[o]" + i), new ReadingFollower());
        }
        busy.absorb(5);
        busy.wake();
        int before = wakings.get();
        for (int sequence = 5; sequence < 10; sequence++) {
            busy.mark(names.of(("x" + sequence).getBytes(UTF_8)), sequence);
        }
        busy.beforePublish();
        busy.wake();
        assertTrue(wakings.get() > before);
        assertEquals(RecentMatches.FORGOTTEN, expression.firstMatchFrom(9));
        assertEquals(RecentMatches.NONE, expression.firstMatchFrom(10), "it has to look no further");
        assertEquals(RecentMatches.NONE, literal.firstMatchFrom(5));
    }

    @Test
    void shouldWakeClientsWithExpressionsToJudgeLongNames() {
        AtomicInteger wakings = new AtomicInteger();
        FilterGroup expression = groups.join(filter("[k]+"), new Waking(wakings));
        FilterGroup literal = groups.join(filter("k1"), new ReadingFollower());
        groups.absorb(5);
        groups.wake();
        int before = wakings.get();
        groups.mark(names.of("k".repeat(100_000).getBytes(UTF_8)), 5);
        groups.beforePublish();
        groups.wake();
        assertEquals(before + 1, wakings.get());
        assertEquals(RecentMatches.FORGOTTEN, expression.firstMatchFrom(5));
        assertEquals(RecentMatches.NONE, expression.firstMatchFrom(6), "it has to look no further");
        assertEquals(RecentMatches.NONE, literal.firstMatchFrom(5));
    }

    /** A poll may fail after it has appended: then a group is made between a name that nobody judged and its publication. */
    @Test
    void shouldNotAnswerForWhatWasAppendedBeforeAGroupWasMadeThoughItIsPublishedLater() {
        AtomicLong now = new AtomicLong();
        FilterGroups busy = new FilterGroups(() -> now.addAndGet(TimeUnit.MILLISECONDS.toNanos(30)));
        for (int i = 0; i < 8; i++) {
            busy.join(filter("[o]" + i), new ReadingFollower());
        }
        busy.absorb(5);
        busy.mark(names.of("x".getBytes(UTF_8)), 5);
        busy.mark(names.of("y".getBytes(UTF_8)), 6);
        FilterGroup late = busy.join(filter("[l]ate"), new ReadingFollower());
        busy.absorb(9);
        busy.beforePublish();
        busy.wake();
        assertEquals(RecentMatches.FORGOTTEN, late.firstMatchFrom(8));
        assertEquals(RecentMatches.NONE, late.firstMatchFrom(9));
    }

    private record Waking(AtomicInteger wakings) implements Wakeable {
        @Override
        public void wake() {
            wakings.incrementAndGet();
        }
    }
}
