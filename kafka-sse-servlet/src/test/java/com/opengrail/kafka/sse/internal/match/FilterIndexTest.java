package com.opengrail.kafka.sse.internal.match;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.window.EventName;
import com.opengrail.kafka.sse.internal.window.EventNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A name is known to pass exactly the groups that it passes, whoever has come and gone since it was last seen. */
class FilterIndexTest {
    private static final int STEPS = 20_000;
    private static final int FORMS = 13;
    private static final String MANY_NAMES =
            IntStream.range(0, 1000).mapToObj(i -> "many" + i).collect(joining(","));
    private final EventNames allNames = new EventNames(EventFilter.all());

    private final List<EventName> names = IntStream.range(0, 40)
            .mapToObj(i -> allNames.of(("k" + i).getBytes(UTF_8)))
            .toList();

    private static FilterGroup group(String filter) {
        return new FilterGroup(EventFilter.parse(filter), 16);
    }

    private static FilterGroup randomGroup(Random random) {
        int number = random.nextInt(40);
        return group(
                switch (random.nextInt(FORMS)) {
                    case 0 -> ".*";
                    case 1 -> "k[0-9]";
                    case 2, 3, 4 -> "k" + number + ",k" + random.nextInt(40);
                    case 5, 6 -> "k" + number;
                    case 7 -> "[k]" + number + ",k3";
                    case 8 -> "k" + number + "," + MANY_NAMES;
                    default -> "[k]" + number;
                });
    }

    private static Set<FilterGroup> passed(List<FilterGroup> groups, EventName name) {
        return groups.stream().filter(group -> group.matches(name)).collect(toSet());
    }

    @Test
    void shouldKnowTheGroupsThatANamePassesAtAnyTime() {
        long seed = System.nanoTime();
        System.out.println("FilterIndexTest seed " + seed);
        Random random = new Random(seed);
        FilterIndex index =
                new FilterIndex(1 + random.nextInt(8), 1 + random.nextInt(50), 1 + random.nextInt(200), () -> 0);
        List<FilterGroup> groups = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            int choice = random.nextInt(10);
            if (choice < 2 && groups.size() < 50) {
                FilterGroup group = randomGroup(random);
                groups.add(group);
                index.add(group);
            } else if (choice < 4 && !groups.isEmpty()) {
                index.remove(groups.remove(random.nextInt(groups.size())));
            } else {
                EventName name = names.get(random.nextInt(names.size()));
                FilterGroup[] found = index.of(name);
                assertEquals(passed(groups, name), Set.of(found), () -> "seed " + seed);
                assertEquals(found.length, Set.of(found).size(), () -> "seed " + seed);
            }
        }
    }

    @Test
    void shouldFindNothingAnewWhileNothingChanges() {
        FilterIndex index = new FilterIndex(() -> 0);
        index.add(group(".*"));
        assertSame(index.of(names.get(0)), index.of(names.get(0)));
    }

    @Test
    void shouldLetNamesKeepSoManyGroupsAndNotMore() {
        FilterIndex index = new FilterIndex(4, 1_000, 100, () -> 0);
        List<FilterGroup> groups =
                Stream.generate(() -> group("k.*")).limit(30).peek(index::add).toList();
        for (EventName name : names) {
            assertEquals(Set.copyOf(groups), Set.of(index.of(name)));
            assertTrue(index.kept() <= 100, () -> "kept " + index.kept());
        }
    }

    @Test
    void shouldLetSoManyNamesKeepGroupsAndNotMore() {
        FilterIndex index = new FilterIndex(4, 10, 1_000, () -> 0);
        index.add(group("k.*"));
        for (EventName name : names) {
            assertEquals(1, index.of(name).length);
            assertTrue(names.stream().filter(each -> each.attachment() != null).count() <= 10);
        }
    }

    @Test
    void shouldKeepNothingForLongNames() {
        FilterIndex index = new FilterIndex(() -> 0);
        index.add(group("k.*"));
        EventName name = allNames.of("k".repeat(1_000).getBytes(UTF_8));
        assertEquals(1, index.of(name).length);
        assertEquals(0, index.kept());
    }

    /** The expressions of strangers must not hold up the feed: their clients find out for themselves. */
    @Test
    void shouldSayWhenThereIsNoTimeForExpressions() {
        AtomicLong now = new AtomicLong();
        long step = TimeUnit.MILLISECONDS.toNanos(1);
        FilterIndex index = new FilterIndex(4, 1_000, 1_000, () -> now.addAndGet(step));
        FilterGroup literal = group("k1");
        FilterGroup otherLiteral = group("k2");
        index.add(literal);
        index.add(otherLiteral);
        List<FilterGroup> expressions =
                IntStream.range(0, 20).mapToObj(i -> group("[k]" + i)).toList();
        expressions.forEach(index::add);
        assertEquals(Set.of(literal, expressions.get(1)), Set.of(index.of(names.get(1))));
        assertTrue(index.hasJudged());
        for (int i = 0; i < 20; i++) {
            index.of(allNames.of(("other" + i).getBytes(UTF_8)));
        }
        assertEquals(Set.of(literal), Set.of(index.of(fresh("k1"))), "literals are looked up");
        assertFalse(index.hasJudged());
        assertEquals(new HashSet<>(expressions), index.withExpressions());
        assertEquals(Set.of(literal, expressions.get(1)), Set.of(index.of(names.get(1))), "what is known stays known");
        assertTrue(index.hasJudged());
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
        assertEquals(Set.of(literal, expressions.get(1)), Set.of(index.of(fresh("k1"))));
    }

    /** Where no name is seen again, the time that a budget takes is lost. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldGoOnJudgingOnlyWhereNamesRepeat(boolean repeat) {
        AtomicLong now = new AtomicLong();
        long step = TimeUnit.MILLISECONDS.toNanos(1);
        FilterIndex index = new FilterIndex(4, 1_000, 1_000, () -> now.addAndGet(step));
        IntStream.range(0, 20).mapToObj(i -> group("[k]" + i)).forEach(index::add);
        EventName known = fresh("k1");
        index.of(known);
        for (int i = 0; i < 500; i++) {
            index.of(allNames.of(("other" + i).getBytes(UTF_8)));
            if (repeat) {
                index.of(known);
            }
        }
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
        index.of(fresh("another"));
        assertEquals(repeat, index.hasJudged());
    }

    /** To list each name would take more memory than a client's own filter. */
    @Test
    void shouldNotListTheNamesOfAFilterThatHasMany() {
        FilterIndex index = new FilterIndex(() -> 0);
        FilterGroup many = group(MANY_NAMES);
        index.add(many);
        assertEquals(Set.of(many), index.withExpressions());
        assertEquals(Set.of(many), Set.of(index.of(fresh("many999"))));
        index.remove(many);
        assertEquals(Set.of(), index.withExpressions());
    }

    /** Comparing a single one with an expression may take longer than all that there is time for. */
    @Test
    void shouldLeaveLongNamesToTheClientsWithExpressions() {
        FilterIndex index = new FilterIndex(() -> 0);
        String text = "k".repeat(100_000);
        FilterGroup literal = group(text);
        index.add(literal);
        assertEquals(Set.of(literal), Set.of(index.of(fresh(text))));
        assertTrue(index.hasJudged(), "there is no expression");
        FilterGroup expression = group("k.*");
        index.add(expression);
        assertEquals(Set.of(literal), Set.of(index.of(fresh(text))));
        assertFalse(index.hasJudged());
        assertEquals(Set.of(expression), index.withExpressions());
        assertEquals(Set.of(expression), Set.of(index.of(fresh("k"))));
        assertTrue(index.hasJudged());
    }

    /** A name that nobody has seen. */
    private static EventName fresh(String name) {
        return new EventNames(EventFilter.all()).of(name.getBytes(UTF_8));
    }
}
