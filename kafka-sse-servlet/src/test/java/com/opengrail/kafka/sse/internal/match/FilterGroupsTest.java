package com.opengrail.kafka.sse.internal.match;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.window.EventName;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.testing.ReadingFollower;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The tail knows the filters that clients have, those alone, and remembers a bounded amount of them. */
class FilterGroupsTest {
    private final EventNames names = new EventNames(EventFilter.all());
    private final EventName name = names.of("k1".getBytes(UTF_8));

    private final FilterGroups groups = new FilterGroups();

    private static EventFilter filter(String spec) {
        return EventFilter.parse(spec);
    }

    private long lastMatch(FilterGroup group, long sequence) {
        groups.mark(name, sequence);
        groups.beforePublish();
        groups.wake();
        return group.hasNoMatchFrom(sequence) ? 0 : sequence + 1;
    }

    @Test
    void shouldTellAGroupOfMatchesFromTheTurnOnAfterItWasMadeUntilItsLastFollowerHasLeft() {
        Wakeable one = new ReadingFollower();
        Wakeable other = new ReadingFollower();
        FilterGroup view = groups.join(filter("k1"), one);
        groups.join(filter("k1"), other);
        assertEquals(0, lastMatch(view, 7));
        groups.absorb(8);

        assertEquals(9, lastMatch(view, 8));
        groups.leave(view, one);
        groups.absorb(9);
        assertEquals(10, lastMatch(view, 9));
        groups.leave(view, other);
        groups.absorb(10);
        assertEquals(10, lastMatch(view, 10));
    }

    @Test
    void shouldNotLearnOfAGroupThatIsGoneAgainBeforeTheNextTurn() {
        Wakeable follower = new ReadingFollower();
        FilterGroup view = groups.join(filter("k1"), follower);
        groups.leave(view, follower);
        groups.absorb(5);
        assertEquals(0, lastMatch(view, 5));
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
        assertEquals(4, lastMatch(second, 3));
    }
}
