package com.opengrail.kafka.sse.internal.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A name is known to pass exactly the views that it passes, whoever has come and gone since it was last seen. */
class ViewIndexTest {
    private static final int STEPS = 20_000;
    private static final int FORMS = 12;

    private final List<EventName> names = IntStream.range(0, 40)
            .mapToObj(i -> EventName.of(("k" + i).getBytes(UTF_8)))
            .toList();

    private static View view(String filter) {
        return new View(EventFilter.parse(filter), 16);
    }

    private static View randomView(Random random) {
        int number = random.nextInt(40);
        return view(
                switch (random.nextInt(FORMS)) {
                    case 0 -> ".*";
                    case 1 -> "k[0-9]";
                    case 2, 3, 4 -> "k" + number + ",k" + random.nextInt(40);
                    case 5, 6 -> "k" + number;
                    case 7 -> "[k]" + number + ",k3";
                    default -> "[k]" + number;
                });
    }

    private static Set<View> passed(List<View> views, EventName name) {
        return views.stream().filter(view -> view.matches(name)).collect(toSet());
    }

    @Test
    void shouldKnowTheViewsThatANamePassesAtAnyTime() {
        long seed = System.nanoTime();
        System.out.println("ViewIndexTest seed " + seed);
        Random random = new Random(seed);
        ViewIndex index = new ViewIndex(1 + random.nextInt(8), 1 + random.nextInt(50), 1 + random.nextInt(200));
        List<View> views = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            int choice = random.nextInt(10);
            if (choice < 2 && views.size() < 50) {
                View view = randomView(random);
                views.add(view);
                index.add(view);
            } else if (choice < 4 && !views.isEmpty()) {
                index.remove(views.remove(random.nextInt(views.size())));
            } else {
                EventName name = names.get(random.nextInt(names.size()));
                View[] found = index.of(name);
                assertEquals(passed(views, name), Set.of(found), () -> "seed " + seed);
                assertEquals(found.length, Set.of(found).size(), () -> "seed " + seed);
            }
        }
    }

    @Test
    void shouldKeepNoVerdictsOfViewsThatHaveGone() {
        ViewIndex index = new ViewIndex();
        View view = view("k.*");
        index.add(view);
        names.forEach(index::of);
        assertTrue(view.remembered() > 0);
        index.remove(view);
        names.forEach(index::of);
        assertEquals(0, view.remembered());
    }

    @Test
    void shouldFindNothingAnewWhileNothingChanges() {
        ViewIndex index = new ViewIndex();
        index.add(view(".*"));
        assertSame(index.of(names.get(0)), index.of(names.get(0)));
    }

    @Test
    void shouldLetNamesKeepSoManyViewsAndNotMore() {
        ViewIndex index = new ViewIndex(4, 1_000, 100);
        List<View> views =
                Stream.generate(() -> view("k.*")).limit(30).peek(index::add).toList();
        for (EventName name : names) {
            assertEquals(Set.copyOf(views), Set.of(index.of(name)));
            assertTrue(index.kept() <= 100, () -> "kept " + index.kept());
            long kept = names.stream().mapToLong(each -> each.views.length).sum();
            assertEquals(index.kept(), kept);
        }
    }

    @Test
    void shouldLetSoManyNamesKeepViewsAndNotMore() {
        ViewIndex index = new ViewIndex(4, 10, 1_000);
        index.add(view("k.*"));
        for (EventName name : names) {
            assertEquals(1, index.of(name).length);
            assertTrue(names.stream().filter(each -> each.views.length > 0).count() <= 10);
        }
    }
}
