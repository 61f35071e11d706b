package com.opengrail.kafka.sse.internal.request;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request of parameters and headers alone, from text: lines of {@code name=value} for parameters and of
 * {@code name: value} for headers, as a container hands them over that has decoded what it was sent. Any other method of
 * the request fails.
 */
final class FuzzedRequest {
    /** What no parameter is called: the path after the servlet's mapping. */
    private static final String PATH = "path";

    private final Map<String, List<String>> parameters = new LinkedHashMap<>();
    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private FuzzedRequest() {}

    static HttpServletRequest of(String text) {
        FuzzedRequest request = new FuzzedRequest();
        for (String line : text.split("\n")) {
            request.take(line);
        }
        return (HttpServletRequest) Proxy.newProxyInstance(
                FuzzedRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) ->
                        request.answer(method.getName(), arguments == null ? "" : arguments[0].toString()));
    }

    private void take(String line) {
        int header = line.indexOf(": ");
        int parameter = line.indexOf('=');
        if (header > 0 && (parameter < 0 || header < parameter)) {
            add(headers, line.substring(0, header).toLowerCase(Locale.ROOT), line.substring(header + 2));
        } else if (parameter >= 0) {
            // No line fits in a line: this stands for one that a client has sent as %0A.
            add(
                    parameters,
                    line.substring(0, parameter),
                    line.substring(parameter + 1).replace('\u2028', '\n'));
        }
    }

    private static void add(Map<String, List<String>> all, String name, String value) {
        all.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }

    private Object answer(String method, String name) {
        List<String> values = (method.contains("Header") ? headers : parameters).get(name);
        return switch (method) {
            case "getParameterNames" -> Collections.enumeration(parameters.keySet());
            case "getParameterValues" -> values == null ? null : values.toArray(String[]::new);
            case "getHeaders" -> Collections.enumeration(values == null ? List.of() : values);
            case "getParameter", "getHeader" -> values == null ? null : values.get(0);
            case "getPathInfo" ->
                parameters.containsKey(PATH) ? parameters.get(PATH).get(0) : null;
            case "getRequestURI" -> String.join("&", parameters.keySet());
            case "getQueryString", "getAttribute" -> null;
            default -> throw new UnsupportedOperationException(method);
        };
    }
}
