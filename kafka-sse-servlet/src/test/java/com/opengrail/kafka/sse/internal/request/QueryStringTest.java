package com.opengrail.kafka.sse.internal.request;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.StreamOptions;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A parameter that a container may leave out is refused, since without it a client gets more than it asked for. */
class QueryStringTest {
    private static final CallOptions BY_REQUEST = new CallOptions(StreamOptions.defaults(), true);

    /** What is left of a request on Tomcat 10.1 that had one malformed parameter: none. */
    private static HttpServletRequest withoutParameters() {
        HttpServletRequest request = mock(HttpServletRequest.class);
        when(request.getHeaders("Last-Event-ID")).thenAnswer(call -> Collections.emptyEnumeration());
        when(request.getParameterNames()).thenAnswer(call -> Collections.emptyEnumeration());
        return request;
    }

    private static String refused(String query) {
        HttpServletRequest request = withoutParameters();
        when(request.getQueryString()).thenReturn(query);
        return Requests.refused(request, BY_REQUEST, Requests.rules());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"event=100%", "topic=%zz", "offset=%", "event=%4", "%=x", "a&b=%u0041", "event=%2%35", "x=%+1"})
    void shouldRefuseAPercentSignThatBeginsNoEscape(String query) {
        assertEquals(
                "400 The query string has a % without two hexadecimal digits after it; a percent sign is written %25",
                refused(query));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event=%ff",
                "event=%C3",
                "event=%c3x%a4",
                "event=%C0%AF",
                "event=%E0%80%AF",
                "event=%ed%a0%80",
                "event=%f4%90%80%80",
                "%ff=x",
                "event=a&b=%80"
            })
    void shouldRefuseEscapesThatAreNotUtf8(String query) {
        assertEquals("400 The query string has an escape that is not UTF-8", refused(query));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a&", "a=b&", "&", "event=a&"})
    void shouldRefuseMoreParametersThanContainersTake(String parameter) {
        assertEquals(
                "400 The query string has more than 1000 parameters", refused(parameter.repeat(1000) + "event=never"));
        assertTrue(refused(parameter.repeat(999) + "event=never").startsWith("understood"));
    }

    @Test
    void shouldLookAtTheQueryThatADispatchReplaced() {
        HttpServletRequest request = withoutParameters();
        when(request.getQueryString()).thenReturn("topic=a");
        when(request.getAttribute(RequestDispatcher.FORWARD_QUERY_STRING)).thenReturn("event=100%");
        String reason = Requests.refused(request, BY_REQUEST, Requests.rules());
        assertTrue(reason.startsWith("400 The query string "), reason);
    }

    @Test
    void shouldNotRepeatWhatWasSent() {
        assertFalse(refused("event=%" + "x".repeat(5000)).contains("x%"));
        assertTrue(refused("event=%" + "x".repeat(5000)).length() < 120);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "event=100%25", "event=%C3%A4%e2%82%ac%F0%9F%98%80", "a=%00%7f&b", "a+b=c+d", "event=\u00e4"
            })
    void shouldTakeTheRest(String query) {
        assertDoesNotThrow(() -> assertTrue(refused(query).startsWith("understood"), query));
    }
}
