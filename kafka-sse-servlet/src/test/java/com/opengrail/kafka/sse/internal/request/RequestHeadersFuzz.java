package com.opengrail.kafka.sse.internal.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.opengrail.kafka.sse.internal.settings.AllowedOrigins;
import com.opengrail.kafka.sse.testing.Executions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Any headers are understood without an exception, and only an allowed origin is told that it may read. */
class RequestHeadersFuzz {
    private static final Executions EXECUTIONS = Executions.of(RequestHeadersFuzz.class);
    private static final String ALLOWED = "https://shop.example,http://[::1]:8080,http://localhost";

    @FuzzTest
    // In libFuzzer's form: a backslash, a line end or a letter beyond ASCII is a byte in hexadecimal.
    @DictionaryEntries({
        "Accept: ",
        "text/event-stream",
        "text/*",
        "*/*",
        ";q=0",
        ";q=0.000",
        "\\x0AOrigin: ",
        "https://",
        "shop.example",
        ":443",
        "\\x0AAccess-Control-Request-Method: GET",
        "\\x0AAccess-Control-Request-Headers: ",
        "Last-Event-ID",
        "[::1]",
        "null"
    })
    void shouldUnderstandAnyHeaders(byte[] input) {
        EXECUTIONS.add(input);
        String text = new String(input, UTF_8);
        HttpServletRequest request = FuzzedRequest.of(text);
        if (Accept.namesEventStream(request)) {
            assertTrue(Accept.takesEventStream(request), text);
        }
        assertTrue(Accept.namesEventStream(FuzzedRequest.of("Accept: text/event-stream\n" + withoutAccept(text))));
        origins(ALLOWED, request);
        origins(request.getHeader("Allowed"), request);
    }

    private static String withoutAccept(String text) {
        return text.toLowerCase(Locale.ROOT).replace("accept", "");
    }

    private static void origins(String list, HttpServletRequest request) {
        if (list == null) {
            return;
        }
        AllowedOrigins allowed;
        try {
            allowed = AllowedOrigins.parse(list);
        } catch (IllegalArgumentException e) {
            assertFalse(e.getMessage().isBlank());
            return;
        }
        String asRead = allowed.allowsAny() ? "*" : String.join(",", allowed.origins());
        assertEquals(allowed, AllowedOrigins.parse(asRead), list);
        Map<String, String> headers = new TreeMap<>();
        Cors cors = new Cors(allowed::allows, allowed.allowsAny(), false, List.of());
        cors.options(request, response(headers));
        String told = headers.get("Access-Control-Allow-Origin");
        String origin = request.getHeader("Origin");
        if (allowed.allowsAny()) {
            assertEquals("*", told);
        } else if (told == null) {
            assertFalse(cors.isPreflightOfStream(request));
        } else {
            assertEquals(origin, told);
            assertTrue(allowed.allows(told));
            assertFalse(told.chars().anyMatch(c -> c <= ' '), told);
        }
        if (told == null || !allowed.allows(String.valueOf(origin))) {
            assertNull(headers.get("Access-Control-Allow-Headers"));
        }
    }

    /** Takes headers and the status, as a container does; any other method fails. */
    private static HttpServletResponse response(Map<String, String> headers) {
        return (HttpServletResponse) Proxy.newProxyInstance(
                RequestHeadersFuzz.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "setHeader", "addHeader" -> {
                        headers.put((String) arguments[0], (String) arguments[1]);
                        yield null;
                    }
                    case "getHeader" -> headers.get((String) arguments[0]);
                    case "getHeaders" -> {
                        String value = headers.get((String) arguments[0]);
                        yield value == null ? List.of() : List.of(value);
                    }
                    case "setStatus" -> null;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
