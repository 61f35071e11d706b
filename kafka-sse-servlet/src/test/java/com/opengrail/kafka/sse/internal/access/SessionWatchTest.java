package com.opengrail.kafka.sse.internal.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyBoolean;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.StreamOptions;
import com.opengrail.kafka.sse.internal.request.CallOptions;
import com.opengrail.kafka.sse.internal.request.TopicRoles;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionWatchTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int LASTS_SECONDS = 60;

    private final SessionQuestions asker = mock(SessionQuestions.class);
    private final Sessions sessions = new Sessions();
    private final HttpSession session = mock(HttpSession.class);
    private final HttpServletRequest request = mock(HttpServletRequest.class);

    @BeforeEach
    void haveASession() {
        when(session.getMaxInactiveInterval()).thenReturn(LASTS_SECONDS);
        when(request.getSession(anyBoolean())).thenReturn(session);
        doAnswer(call -> {
                    call.getArgument(0, Runnable.class).run();
                    return null;
                })
                .when(asker)
                .add(any());
    }

    private void look(SessionWatch watch, long seconds) {
        watch.look(seconds * SECOND, 5 * SECOND, asker, request);
    }

    @Test
    void shouldEndWhenNobodyUsedTheSessionForAsLongAsItLasts() {
        SessionWatch watch = sessions.watch(request, 0);
        look(watch, LASTS_SECONDS - 1);
        assertFalse(watch.isOver());
        look(watch, LASTS_SECONDS);
        assertTrue(watch.isOver());
        // Tomcat expires it when it is asked for.
        verify(request, times(2)).getSession(false);
    }

    @Test
    void shouldLastWhileOtherRequestsUseTheSession() {
        SessionWatch watch = sessions.watch(request, 0);
        when(session.getLastAccessedTime()).thenReturn(1_000L);
        look(watch, LASTS_SECONDS - 1);
        look(watch, 2 * LASTS_SECONDS - 2);
        assertFalse(watch.isOver());
        look(watch, 2 * LASTS_SECONDS - 1);
        assertTrue(watch.isOver());
    }

    @Test
    void shouldCountTheOpeningOfAnotherStreamAsUse() {
        SessionWatch watch = sessions.watch(request, 0);
        assertEquals(watch, sessions.watch(request, 30 * SECOND));
        look(watch, LASTS_SECONDS);
        assertFalse(watch.isOver());
    }

    @Test
    void shouldEndAtOnceWhenTheSessionIsInvalidated() {
        SessionWatch watch = sessions.watch(request, 0);
        when(session.getLastAccessedTime()).thenThrow(new IllegalStateException("invalidated"));
        look(watch, 1);
        assertTrue(watch.isOver());
    }

    @Test
    void shouldEndWhereTheSessionWasInvalidatedWhileTheStreamWasOpened() {
        when(session.getLastAccessedTime()).thenThrow(new IllegalStateException("invalidated"));
        assertTrue(sessions.watch(request, 0).isOver());
    }

    @Test
    void shouldEndWhenTheSessionCouldNotBeAskedForAWhile() {
        SessionWatch watch = sessions.watch(request, 0);
        when(session.getLastAccessedTime())
                .thenThrow(new UnsupportedOperationException("the store is away"))
                .thenReturn(0L)
                .thenThrow(new UnsupportedOperationException("the store is away"));
        look(watch, 1);
        look(watch, 7);
        look(watch, 8);
        look(watch, 12);
        assertFalse(watch.isOver());
        look(watch, 13);
        assertTrue(watch.isOver());
    }

    /** The timer looks after all clients. */
    @Test
    void shouldNotLetTheTimerWaitForASession() {
        SessionWatch watch = sessions.watch(request, 0);
        List<Runnable> questions = new ArrayList<>();
        doAnswer(call -> questions.add(call.getArgument(0))).when(asker).add(any());
        look(watch, 1);
        look(watch, 5);
        assertFalse(watch.isOver());
        verify(session, times(1)).getLastAccessedTime();
        assertEquals(1, questions.size(), "one at a time");
        look(watch, 6);
        assertTrue(watch.isOver(), "it has not answered for recheck-millis");
    }

    @Test
    void shouldLastWhileASlowSessionAnswersInTime() {
        SessionWatch watch = sessions.watch(request, 0);
        List<Runnable> questions = new ArrayList<>();
        doAnswer(call -> questions.add(call.getArgument(0))).when(asker).add(any());
        for (int round = 0; round < 10; round++) {
            look(watch, 5 * round + 1);
            look(watch, 5 * round + 5);
            questions.remove(0).run();
            assertFalse(watch.isOver());
        }
    }

    @Test
    void shouldLastForeverWhereTheSessionDoes() {
        when(session.getMaxInactiveInterval()).thenReturn(0);
        SessionWatch watch = sessions.watch(request, 0);
        look(watch, 1_000_000);
        assertFalse(watch.isOver());
    }

    @Test
    void shouldForgetASessionWithItsLastStream() {
        Access first = access();
        Access second = access();
        assertSame(first.session(), second.session());
        sessions.leave(first.session());
        Access third = access();
        assertSame(first.session(), third.session());
        sessions.leave(second.session());
        sessions.leave(third.session());
        assertNotSame(first.session(), access().session());
    }

    private Access access() {
        return Access.of(
                request,
                new CallOptions(StreamOptions.defaults(), false),
                sessions.watch(request, 0),
                new TopicRoles(topic -> Set.of()),
                List.of("orders"),
                0);
    }
}
