package com.opengrail.kafka.sse.internal.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.StreamOptions;
import com.opengrail.kafka.sse.internal.request.CallOptions;
import com.opengrail.kafka.sse.internal.request.TopicRoles;
import com.opengrail.kafka.sse.internal.threads.Deadline;
import com.opengrail.kafka.sse.internal.threads.EngineThreads;
import com.opengrail.kafka.sse.testing.Await;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecheckTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long PERIOD = 1_000;

    /** For so long a yes counts, from its question on. */
    private static final long COUNTS_FOR = PERIOD * 7 / 8;

    /** So long each answer may take. */
    private static final long ANSWERED_AFTER = PERIOD * 3 / 8;

    private static final int HANGING = 20;
    private static final String PAYER = "ann";
    private static final int MOST_OF_ONE = 48;

    private final Rechecks rechecks = new Rechecks("recheck-test", EngineThreads.ofCaller());
    private final HttpServletRequest request = mock(HttpServletRequest.class);
    private long now;

    @AfterEach
    void endThreads() {
        rechecks.close();
    }

    private Access access(BooleanSupplier check, String... roles) {
        StreamOptions options = check == null
                ? StreamOptions.defaults()
                : StreamOptions.defaults().withCheck(check);
        CallOptions call = new CallOptions(options, false);
        return Access.of(request, call, null, new TopicRoles(topic -> Set.of(roles)), List.of("orders"), now);
    }

    /** Of a client that can be written to. */
    private Access opened(BooleanSupplier check, String... roles) {
        Access access = access(check, roles);
        access.askFirst(now, rechecks, PAYER, () -> {});
        return access;
    }

    private EndReason look(Access access, long at) {
        now = at;
        return access.lost(at, PERIOD, rechecks, PAYER);
    }

    private void assertEnds(EndReason expected, Access access) {
        Await.until("an answer", LIMIT, () -> look(access, PERIOD / 2) != null, () -> "none");
        assertEquals(expected, look(access, PERIOD / 2));
    }

    /** The first question may come from a thread of the container. */
    @Test
    void shouldAskWithTheClassesThatTheEngineSees() {
        ClassLoader ofEngine = Thread.currentThread().getContextClassLoader();
        AtomicReference<ClassLoader> seen = new AtomicReference<>();
        Access access = access(() -> {
            seen.set(Thread.currentThread().getContextClassLoader());
            return true;
        });
        Thread.currentThread().setContextClassLoader(ClassLoader.getPlatformClassLoader());
        try {
            access.askFirst(now, rechecks, PAYER, () -> {});
        } finally {
            Thread.currentThread().setContextClassLoader(ofEngine);
        }
        Await.until("the question", LIMIT, () -> seen.get() != null, () -> "none");
        assertEquals(ofEngine, seen.get());
    }

    @Test
    void shouldAskFourTimesInEachPeriodAndTakeYesForAnAnswer() {
        AtomicInteger asked = new AtomicInteger();
        Access access = opened(() -> asked.incrementAndGet() > 0);
        Await.until("the question", LIMIT, () -> asked.get() == 1, asked::get);
        for (int i = 1; i <= 4; i++) {
            int times = i + 1;
            assertNull(look(access, i * PERIOD / 4 - 1));
            long at = i * PERIOD / 4;
            Await.until("the question", LIMIT, () -> look(access, at) == null && asked.get() == times, asked::get);
        }
    }

    /** Before the client can be written to, its request may still be in the application's code. */
    @Test
    void shouldNotAskBeforeTheClientCanBeWrittenTo() {
        AtomicBoolean asked = new AtomicBoolean();
        Access access = access(() -> {
            asked.set(true);
            return true;
        });
        assertNull(look(access, PERIOD));
        assertNull(look(access, 2 * PERIOD));
        access.askFirst(2 * PERIOD, rechecks, PAYER, () -> {});
        assertNull(look(access, 2 * PERIOD + COUNTS_FOR - 1), "late");
        Await.until("the question", LIMIT, asked::get, () -> "none");
    }

    @Test
    void shouldAskAtOnceAndTellOfTheFirstYes() throws InterruptedException {
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        Access access = access(() -> {
            try {
                return answer.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        access.askFirst(0, rechecks, PAYER, told::countDown);
        assertFalse(access.isConfirmed());
        answer.countDown();
        told.await();
        assertTrue(access.isConfirmed());
    }

    @Test
    void shouldNotConfirmWithoutAYes() {
        Access refused = access(() -> false);
        refused.askFirst(0, rechecks, PAYER, () -> {});
        Await.until("the answer", LIMIT, () -> look(refused, 0) != null, () -> "none");
        assertEquals(EndReason.CHECK, look(refused, 0));
        assertFalse(refused.isConfirmed());
        Access silent = access(() -> {
            LockSupport.parkNanos(LIMIT.toNanos());
            return true;
        });
        silent.askFirst(0, rechecks, PAYER, () -> {});
        assertNull(look(silent, COUNTS_FOR - 1));
        assertEquals(EndReason.CHECK_FAILED, look(silent, COUNTS_FOR));
    }

    /** Clients that come and go must not take all threads. */
    @Test
    void shouldInterruptTheCheckOfAStreamThatHasEnded() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Access access = access(() -> {
            asked.countDown();
            try {
                return !new CountDownLatch(1).await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted.countDown();
                return true;
            }
        });
        access.askFirst(0, rechecks, PAYER, () -> {});
        asked.await();
        access.end(rechecks);
        assertTrue(interrupted.await(LIMIT.toMillis() / 2, TimeUnit.MILLISECONDS));
    }

    /** Roles are asked in the request. */
    @Test
    void shouldNotAskAgainAtOnceForRolesAlone() {
        assertTrue(access(null, "reader").isConfirmed());
        assertTrue(Access.unlimited().isConfirmed());
    }

    @Test
    void shouldEndWhenTheCheckSaysNo() {
        assertEnds(EndReason.CHECK, opened(() -> false));
    }

    @Test
    void shouldEndWhenTheCheckThrows() {
        assertEnds(EndReason.CHECK_FAILED, opened(() -> {
            throw new IllegalStateException("no connection");
        }));
    }

    @Test
    void shouldEndWhenTheCheckDoesNotAnswerAndInterruptIt() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        Access access = opened(() -> {
            asked.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return true;
        });
        assertNull(look(access, PERIOD / 2));
        asked.await();
        assertNull(look(access, COUNTS_FOR - 1));
        assertEquals(EndReason.CHECK_FAILED, look(access, COUNTS_FOR));
        interrupted.await();
    }

    /** What is withdrawn just after a yes must end the stream in time, whatever the next question takes. */
    @Test
    void shouldCountTheTimeWithoutAnAnswerFromTheLastYesOn() throws InterruptedException {
        Access access = confirmedAndThenSilent(PERIOD / 4);
        assertNull(look(access, COUNTS_FOR - 1));
        assertEquals(EndReason.CHECK_FAILED, look(access, COUNTS_FOR));
    }

    /** The timer has had no processor. Nobody knows what a check would have said meanwhile. */
    @Test
    void shouldWaitForAnAnswerAlsoWhereTheQuestionIsLate() throws InterruptedException {
        Access access = confirmedAndThenSilent(10 * PERIOD);
        assertNull(look(access, 10 * PERIOD + ANSWERED_AFTER - 1));
        assertEquals(EndReason.CHECK_FAILED, look(access, 10 * PERIOD + ANSWERED_AFTER));
    }

    /** With a check that says yes at 0, and gives no answer the second time. */
    private Access confirmedAndThenSilent(long askedAgainAt) throws InterruptedException {
        Semaphore asked = new Semaphore(0);
        AtomicBoolean hangs = new AtomicBoolean();
        Access access = opened(() -> {
            asked.release();
            if (hangs.getAndSet(true)) {
                assertThrows(InterruptedException.class, () -> new CountDownLatch(1).await());
            }
            return true;
        });
        asked.acquire();
        Await.until("the first yes", LIMIT, access::isConfirmed, () -> "none");
        Await.until(
                "the second question",
                LIMIT,
                () -> look(access, askedAgainAt) == null && asked.tryAcquire(),
                () -> "none");
        return access;
    }

    /** Their clients come back, so others would be added as long as the first hang. */
    @Test
    void shouldNotTakeTheYesOfACheckThatWasInterrupted() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean confirmed = new AtomicBoolean();
        Access access = access(() -> {
            begun.countDown();
            assertThrows(InterruptedException.class, () -> new CountDownLatch(1).await(1, TimeUnit.MINUTES));
            return true;
        });
        access.askFirst(now, rechecks, PAYER, () -> confirmed.set(true));
        assertTrue(begun.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertEquals(EndReason.CHECK_FAILED, look(access, PERIOD));
        rechecks.close();
        for (Deadline.Ending thread : rechecks.endings().toList()) {
            thread.await(LIMIT.toMillis());
        }
        assertFalse(access.isConfirmed());
        assertFalse(confirmed.get());
    }

    @Test
    void shouldForgetTheChecksOfStreamsThatHaveEndedWhileAllThreadsHang() {
        AtomicBoolean hangs = new AtomicBoolean(true);
        AtomicInteger hanging = new AtomicInteger();
        try {
            for (int i = 1; i <= 2 * MOST_OF_ONE; i++) {
                now = 0;
                Access access = opened(() -> {
                    hanging.incrementAndGet();
                    while (hangs.get()) {
                        Thread.interrupted();
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
                    }
                    return true;
                });
                assertNull(look(access, PERIOD / 2));
                int all = Math.min(i, MOST_OF_ONE);
                Await.until("a check that hangs", LIMIT, () -> hanging.get() == all, hanging::get);
                if (i % 2 == 0) {
                    assertEquals(EndReason.CHECK_FAILED, look(access, PERIOD / 2 + PERIOD));
                }
                access.end(rechecks);
            }
            assertFalse(rechecks.isAnyWaiting());
        } finally {
            hangs.set(false);
        }
    }

    @Test
    void shouldEndWhenTheRoleIsWithdrawn() {
        Principal user = () -> "ann";
        when(request.getUserPrincipal()).thenReturn(user);
        assertEnds(EndReason.ROLE, access(null, "reader"));
    }

    /** Spring Security knows the user on the request's own thread only. */
    @Test
    void shouldNotTakeARequestThatKnowsNoUserElsewhereForAWithdrawal() {
        AtomicInteger asked = new AtomicInteger();
        Principal user = () -> "ann";
        when(request.getUserPrincipal()).thenReturn(user);
        Access access = access(() -> asked.incrementAndGet() > 0, "reader");
        when(request.getUserPrincipal()).thenReturn(null);
        access.askFirst(0, rechecks, PAYER, () -> {});
        Await.until("the question", LIMIT, () -> asked.get() == 1, asked::get);
        assertNull(look(access, 1));
    }

    /** A filter may take roles from a header, and name no user. */
    @Test
    void shouldEndWhenARoleWithoutAUserIsWithdrawn() {
        assertEnds(EndReason.ROLE, access(null, "reader"));
    }

    /** An application may let another user log in within a session. */
    @Test
    void shouldEndWhenTheRequestHasAnotherUserWithoutTheRole() {
        assertEnds(EndReason.ROLE, openedByBobAndAskedAsAnn(null));
    }

    @Test
    void shouldLastWhenTheRequestHasAnotherUserWithTheRole() {
        when(request.isUserInRole("reader")).thenReturn(true);
        AtomicInteger asked = new AtomicInteger();
        Access access = openedByBobAndAskedAsAnn(() -> asked.incrementAndGet() > 0);
        access.askFirst(0, rechecks, PAYER, () -> {});
        Await.until("the question", LIMIT, () -> asked.get() == 1, asked::get);
        assertNull(look(access, 1));
    }

    private Access openedByBobAndAskedAsAnn(BooleanSupplier check) {
        Principal bob = () -> "bob";
        Principal ann = () -> "ann";
        when(request.getUserPrincipal()).thenReturn(bob);
        Access access = access(check, "reader");
        when(request.getUserPrincipal()).thenReturn(ann);
        return access;
    }

    /** Some frameworks keep the user of a request in a variable that threads inherit. */
    @Test
    void shouldNotAskWithTheUserOfTheThreadThatHappensToAsk() throws InterruptedException {
        InheritableThreadLocal<String> user = new InheritableThreadLocal<>();
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        CountDownLatch asked = new CountDownLatch(1);
        user.set("ann");
        try {
            opened(() -> {
                seen.add(String.valueOf(user.get()));
                asked.countDown();
                return true;
            });
        } finally {
            user.remove();
        }
        assertTrue(asked.await(LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertEquals(List.of("null"), List.copyOf(seen));
    }

    /** Code that waits for a lock or in native code does not even notice an interrupt. */
    @Test
    void shouldAnswerWhileOthersHang() {
        AtomicBoolean hangs = new AtomicBoolean(true);
        try {
            for (int i = 0; i < HANGING; i++) {
                assertNull(look(
                        opened(() -> {
                            while (hangs.get()) {
                                LockSupport.parkNanos(PERIOD);
                            }
                            return true;
                        }),
                        PERIOD / 2));
                now = 0;
            }
            assertEnds(EndReason.CHECK, opened(() -> false));
        } finally {
            hangs.set(false);
        }
    }

    @Test
    void shouldAnswerOthersHoweverManyQuestionsOfOneUserHang() {
        CountDownLatch hanging = new CountDownLatch(MOST_OF_ONE);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        Set<Rechecks.Question> all = new HashSet<>();
        for (int i = 0; i < 2 * Rechecks.MOST_AT_ONCE; i++) {
            all.add(rechecks.submit(PAYER, () -> {
                asked.incrementAndGet();
                hanging.countDown();
                awaitQuietly(release);
            }));
        }
        awaitQuietly(hanging);
        assertEquals(MOST_OF_ONE, asked.get());
        for (int i = 0; i < Rechecks.MOST_AT_ONCE; i++) {
            assertAnswered(rechecks.submit("bob", () -> {}));
        }
        release.countDown();
        all.forEach(RecheckTest::assertAnswered);
        assertEquals(2 * Rechecks.MOST_AT_ONCE, asked.get());
    }

    /** What one payer lets go, another may take. Then the first one may have another, too. */
    @Test
    void shouldStartAllThatMayBeStarted() {
        CountDownLatch ofFirst = new CountDownLatch(1);
        CountDownLatch ofOthers = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        hang(asked, "bob", ofFirst, 1);
        hang(asked, "ann", ofOthers, 1);
        for (int i = 1; i < 30; i++) {
            hang(asked, "ann", ofOthers, 1);
            hang(asked, "bob", ofOthers, 1);
        }
        Await.until("two shares", LIMIT, () -> asked.get() == 54, asked::get);
        ofFirst.countDown();
        Await.until("one of ann", LIMIT, () -> asked.get() == 55, asked::get);
        rechecks.tick();
        Await.until("one of bob", LIMIT, () -> asked.get() == 56, asked::get);
        ofOthers.countDown();
        Await.until("all", LIMIT, () -> asked.get() == 60 && !rechecks.isAnyWaiting(), asked::get);
    }

    private void hang(AtomicInteger asked, String payer, CountDownLatch end, int times) {
        for (int i = 0; i < times; i++) {
            rechecks.submit(payer, () -> {
                asked.incrementAndGet();
                awaitQuietly(end);
            });
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertAnswered(Rechecks.Question question) {
        Await.until("the answer", LIMIT, question::isDone, () -> "none");
    }

    @Test
    void shouldTakeTheEarlierEndAndNoneOfAnotherType() {
        CallOptions call = new CallOptions(StreamOptions.defaults().withUntil(Instant.ofEpochSecond(10)), false);
        assertEquals(Instant.ofEpochSecond(10), Access.until(request, call));
        when(request.getAttribute(Access.UNTIL)).thenReturn(Instant.ofEpochSecond(5));
        assertEquals(Instant.ofEpochSecond(5), Access.until(request, call));
        when(request.getAttribute(Access.UNTIL)).thenReturn(Instant.ofEpochSecond(15));
        assertEquals(Instant.ofEpochSecond(10), Access.until(request, call));
        when(request.getAttribute(Access.UNTIL)).thenReturn("tomorrow");
        assertThrows(IllegalStateException.class, () -> Access.until(request, call));
    }
}
