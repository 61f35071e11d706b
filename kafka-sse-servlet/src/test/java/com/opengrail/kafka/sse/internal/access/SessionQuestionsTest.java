package com.opengrail.kafka.sse.internal.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Sessions that do not answer take threads, and hold up others for a few ticks of the timer. */
class SessionQuestionsTest {
    private static final int MOST = 8;

    /** What threads would run. */
    private final Queue<Runnable> threads = new ArrayDeque<>();

    private final SessionQuestions questions = new SessionQuestions(threads::add, MOST);
    private final List<Integer> asked = new ArrayList<>();

    private void add(int session) {
        questions.add(() -> asked.add(session));
    }

    /** While it is asked, the timer goes on. */
    private void addHanging(Runnable meanwhile) {
        questions.add(meanwhile);
    }

    @Test
    void shouldAskManyWithOneThread() {
        questions.askAll();
        assertEquals(0, threads.size(), "none waits");
        for (int session = 0; session < 1_000; session++) {
            add(session);
        }
        questions.askAll();
        assertEquals(1, threads.size());
        threads.remove().run();
        assertEquals(1_000, asked.size());
        add(1_000);
        questions.askAll();
        threads.remove().run();
        assertEquals(1_001, asked.size());
    }

    @Test
    void shouldNotStartAnotherThreadWhileOneGoesOn() {
        addHanging(() -> questions.askAll());
        add(1);
        questions.askAll();
        threads.remove().run();
        assertEquals(0, threads.size(), "it had begun to ask since the tick before");
    }

    @Test
    void shouldLetOthersJoinAThreadThatHangs() {
        List<Integer> joining = new ArrayList<>();
        addHanging(() -> {
            for (int tick = 0; tick < 5; tick++) {
                questions.askAll();
                joining.add(threads.size());
            }
        });
        add(1);
        questions.askAll();
        threads.remove().run();
        assertEquals(List.of(0, 1, 3, 7, 7), joining);
        assertEquals(List.of(1), asked);
    }

    @Test
    void shouldAskTheOthersWhileOneHangs() {
        List<List<Integer>> seen = new ArrayList<>();
        addHanging(() -> {
            questions.askAll();
            questions.askAll();
            threads.remove().run();
            seen.add(List.copyOf(asked));
        });
        add(1);
        add(2);
        questions.askAll();
        threads.remove().run();
        assertEquals(List.of(List.of(1, 2)), seen);
    }
}
