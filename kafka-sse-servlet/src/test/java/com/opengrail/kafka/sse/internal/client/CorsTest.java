package com.opengrail.kafka.sse.internal.client;

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
    private static final Cors NONE = cors(AllowedOrigins.none());
    private static final String PREFLIGHT =
            "\nAccess-Control-Request-Method: GET\nAccess-Control-Request-Headers: x, last-event-id";

    private static Cors cors(AllowedOrigins origins) {
        return new Cors(origins::allows, origins.allowsAny(), origins.isEmpty(), false, List.of());
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
        when(response.getHeader(anyString())).thenAnswer(call -> headers.get(call.<String>getArgument(0)));
        return response;
    }

    @Test
    void shouldNameAnAllowedOriginAndVary() {
        assertEquals(Map.of("Access-Control-Allow-Origin", PAGE, "Vary", "Origin"), answer(ONE, "Origin: " + PAGE));
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
        assertEquals(Map.of("Vary", "Origin"), answer(ONE, "Origin: " + origin));
        assertFalse(ONE.isPreflightOfStream(FuzzedRequest.of("Origin: " + origin + PREFLIGHT)));
        assertFalse(options(ONE, "Origin: " + origin + PREFLIGHT).containsKey("Access-Control-Allow-Headers"));
    }

    @Test
    void shouldAllowAnyOriginWithoutLookingAtIt() {
        assertEquals(Map.of("Access-Control-Allow-Origin", "*"), answer(ANY, "Origin: null"));
        assertEquals(Map.of("Access-Control-Allow-Origin", "*"), answer(ANY, ""));
    }

    @Test
    void shouldSayNothingWhereNoOriginIsAllowed() {
        assertEquals(Map.of(), answer(NONE, "Origin: " + PAGE));
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
        assertEquals(Map.of("Allow", Cors.METHODS, "Vary", "Origin"), options(ONE, ""));
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
