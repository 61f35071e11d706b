package com.opengrail.kafka.sse.internal.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The tail knows the filters that clients have, those alone, and remembers a bounded amount of them. */
class FilterViewsTest {
    private static final int ALL_VERDICTS = 1 << 18;
    private final EventName name = EventName.of("k1".getBytes(UTF_8));

    private final FilterViews views = new FilterViews();

    private static EventFilter filter(String spec) {
        return EventFilter.parse(spec);
    }

    private long lastMatch(View view, long sequence) {
        views.mark(name, sequence);
        views.beforePublish();
        views.wake();
        return view.lastMatch;
    }

    @Test
    void shouldTellAViewOfMatchesFromTheTurnOnAfterItWasMadeUntilItsLastFollowerHasLeft() {
        Follower one = new ReadingFollower();
        Follower other = new ReadingFollower();
        View view = views.join(filter("k1"), one);
        views.join(filter("k1"), other);
        assertEquals(0, lastMatch(view, 7));
        views.absorb(8);
        assertEquals(8, view.accountedFrom);
        assertEquals(9, lastMatch(view, 8));
        views.leave(view, one);
        views.absorb(9);
        assertEquals(10, lastMatch(view, 9));
        views.leave(view, other);
        views.absorb(10);
        assertEquals(10, lastMatch(view, 10));
    }

    @Test
    void shouldNotLearnOfAViewThatIsGoneAgainBeforeTheNextTurn() {
        Follower follower = new ReadingFollower();
        View view = views.join(filter("k1"), follower);
        views.leave(view, follower);
        views.absorb(5);
        assertEquals(0, lastMatch(view, 5));
    }

    @Test
    void shouldLeaveAloneAViewThatWasMadeAfterTheOneThatIsLeftAgain() {
        Follower follower = new ReadingFollower();
        View first = views.join(filter("k1"), follower);
        views.leave(first, follower);
        View second = views.join(filter("k1"), follower);
        assertNotSame(first, second);
        views.leave(first, follower);
        assertEquals(Set.of(follower), second.followers);
        assertSame(second, views.join(filter("k1"), follower));
        views.absorb(3);
        assertEquals(4, lastMatch(second, 3));
    }

    @Test
    void shouldRememberNotManyMoreVerdictsOfManyFiltersThanOfFew() {
        List<View> all = IntStream.range(0, 2_000)
                .mapToObj(i -> views.join(filter("k.*|x" + i), new ReadingFollower()))
                .toList();
        for (int i = 0; i < 1_000; i++) {
            EventName each = EventName.of(("k" + i).getBytes(UTF_8));
            all.forEach(view -> assertTrue(view.matches(each)));
        }
        long remembered = all.stream().mapToLong(View::remembered).sum();
        assertTrue(remembered <= ALL_VERDICTS, () -> remembered + " verdicts");
        assertTrue(remembered >= all.size(), () -> remembered + " verdicts");
    }
}
