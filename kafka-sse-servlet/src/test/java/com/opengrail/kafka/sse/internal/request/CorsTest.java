package com.opengrail.kafka.sse.internal.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.settings.AllowedOrigins;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorsTest {
    private static final String PAGE = "https://page.example";
    private static final Cors ONE = cors(AllowedOrigins.parse(PAGE));
    private static final Cors ANY = cors(AllowedOrigins.parse("*"));
    private static final Cors NONE = cors(AllowedOrigins.NONE);
    private static final String VARY = "Origin, Sec-Fetch-Site, Sec-Fetch-Mode";

    private static final String PREFLIGHT =
            "\nAccess-Control-Request-Method: GET\nAccess-Control-Request-Headers: x, last-event-id";

    private static Cors cors(AllowedOrigins origins) {
        return new Cors(origins::allows, origins.allowsAny(), false, List.of());
    }

    private static Map<String, String> answer(Cors cors, String request) {
        Map<String, String> headers = new TreeMap<>();
        cors.answer(FuzzedRequest.of(request), response(headers));
        return headers;
    }

    private static Map<String, String> options(Cors cors, String request) {
        Map<String, String> headers = new TreeMap<>();
        cors.options(FuzzedRequest.of(request), response(headers));
        return headers;
    }

    /** Keeps the headers that are set, each once. */
    private static HttpServletResponse response(Map<String, String> headers) {
        HttpServletResponse response = mock(HttpServletResponse.class);
        doAnswer(call -> headers.put(call.getArgument(0), call.getArgument(1)))
                .when(response)
                .setHeader(anyString(), anyString());
        doAnswer(call -> headers.put(call.getArgument(0), call.getArgument(1)))
                .when(response)
                .addHeader(anyString(), anyString());
        when(response.getHeaders(anyString()))
                .thenAnswer(call -> headers.containsKey(call.<String>getArgument(0))
                        ? List.of(headers.get(call.<String>getArgument(0)))
                        : List.of());
        return response;
    }

    @Test
    void shouldNameAnAllowedOriginAndVary() {
        assertEquals(Map.of("Access-Control-Allow-Origin", PAGE, "Vary", VARY), answer(ONE, "Origin: " + PAGE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://other.example",
                "http://page.example",
                "https://page.example:8443",
                "https://page.example.other",
                "null"
            })
    void shouldNameNoOtherOrigin(String origin) {
        assertEquals(Map.of("Vary", VARY), answer(ONE, "Origin: " + origin));
        assertFalse(ONE.isPreflightOfStream(FuzzedRequest.of("Origin: " + origin + PREFLIGHT)));
        assertFalse(options(ONE, "Origin: " + origin + PREFLIGHT).containsKey("Access-Control-Allow-Headers"));
    }

    /** Whether a page of another site is sent away depends on its origin too, so caches are told of it in any case. */
    @Test
    void shouldAllowAnyOrigin() {
        Map<String, String> expected = Map.of("Access-Control-Allow-Origin", "*", "Vary", VARY);
        assertEquals(expected, answer(ANY, "Origin: null"));
        assertEquals(expected, answer(ANY, ""));
    }

    @Test
    void shouldNameNoOriginWhereNoneIsAllowed() {
        assertEquals(Map.of("Vary", VARY), answer(NONE, "Origin: " + PAGE));
        assertFalse(NONE.isPreflightOfStream(FuzzedRequest.of("Origin: " + PAGE + PREFLIGHT)));
    }

    @Test
    void shouldAnswerAPreflight() {
        Map<String, String> headers = options(ONE, "Origin: " + PAGE + PREFLIGHT);
        assertEquals(PAGE, headers.get("Access-Control-Allow-Origin"));
        assertEquals("GET, HEAD", headers.get("Access-Control-Allow-Methods"));
        assertTrue(headers.get("Access-Control-Allow-Headers").contains("Last-Event-ID"));
        assertEquals(Cors.METHODS, headers.get("Allow"));
    }

    @Test
    void shouldAnswerOptionsThatAreNoPreflightWithTheMethodsAlone() {
        assertEquals(
                Map.of(
                        "Allow",
                        Cors.METHODS,
                        "Vary",
                        VARY + ", Access-Control-Request-Method, Access-Control-Request-Headers"),
                options(ONE, ""));
    }

    /** A fetch sends no Last-Event-ID at first. What this answer allows is all that such a preflight asks for. */
    @Test
    void shouldKnowThePreflightOfAStreamByHeadersThatAreAllAllowed() {
        Cors cors = new Cors(PAGE::equals, false, true, List.of("Authorization", "X-Tenant"));
        String asks = "Origin: " + PAGE + PREFLIGHT.replace("x, last-event-id", "");
        assertTrue(cors.isPreflightOfStream(FuzzedRequest.of(asks + "authorization")));
        assertTrue(cors.isPreflightOfStream(FuzzedRequest.of(asks + "cache-control,x-tenant, AUTHORIZATION")));
        assertTrue(cors.isPreflightOfStream(FuzzedRequest.of(asks + "last-event-id,x-other")));
        assertFalse(cors.isPreflightOfStream(FuzzedRequest.of(asks + "authorization,x-other")));
        assertFalse(cors.isPreflightOfStream(FuzzedRequest.of(asks + "cache-control")));
        assertFalse(cors.isPreflightOfStream(FuzzedRequest.of(asks + " ")));
        assertFalse(ONE.isPreflightOfStream(FuzzedRequest.of(asks + "authorization")));
    }

    @Test
    void shouldKnowThePreflightOfAStreamByItsHeader() {
        String origin = "Origin: " + PAGE;
        assertTrue(ONE.isPreflightOfStream(FuzzedRequest.of(origin + PREFLIGHT)));
        assertFalse(ONE.isPreflightOfStream(FuzzedRequest.of(origin)));
        assertFalse(ONE.isPreflightOfStream(FuzzedRequest.of(PREFLIGHT.strip())));
        assertFalse(ONE.isPreflightOfStream(FuzzedRequest.of(origin + PREFLIGHT.replace("GET", "POST"))));
        assertFalse(ONE.isPreflightOfStream(FuzzedRequest.of(origin + PREFLIGHT.replace("last-event-id", "y"))));
    }
}
