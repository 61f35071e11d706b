package com.opengrail.kafka.sse.internal.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks what containers decode. Tomcat 10.1 leaves out a parameter that it cannot decode, and those after the thousandth.
 * Without them a client would get more than it asked for.
 */
final class QueryString {
    /** Where the query string is that came with the request, if it was dispatched with another one. */
    private static final List<String> OF_DISPATCHES = List.of(
            RequestDispatcher.FORWARD_QUERY_STRING,
            RequestDispatcher.INCLUDE_QUERY_STRING,
            AsyncContext.ASYNC_QUERY_STRING);

    /** As many as Tomcat takes by its own {@code server.xml} ({@code maxParameterCount}). */
    private static final int MOST_PARAMETERS = 1000;

    private static final Pattern BROKEN = Pattern.compile("%(?![0-9A-Fa-f]{2})");
    private static final Pattern ESCAPES = Pattern.compile("(?:%[0-9A-Fa-f]{2})+");

    private QueryString() {}

    static void check(HttpServletRequest request) throws HttpRejection {
        check(request.getQueryString());
        for (String attribute : OF_DISPATCHES) {
            if (request.getAttribute(attribute) instanceof String query) {
                check(query);
            }
        }
    }

    private static void check(String query) throws HttpRejection {
        if (query == null) {
            return;
        }
        if (query.chars().filter(next -> next == '&').count() >= MOST_PARAMETERS) {
            throw HttpRejection.badRequest("The query string has more than " + MOST_PARAMETERS + " parameters");
        }
        if (BROKEN.matcher(query).find()) {
            throw HttpRejection.badRequest(
                    "The query string has a % without two hexadecimal digits after it; a percent sign is written %25");
        }
        Matcher escapes = ESCAPES.matcher(query);
        while (escapes.find()) {
            if (!isUtf8(escapes.toMatchResult())) {
                throw HttpRejection.badRequest("The query string has an escape that is not UTF-8");
            }
        }
    }

    private static boolean isUtf8(MatchResult escapes) {
        byte[] bytes = HexFormat.of().parseHex(escapes.group().replace("%", ""));
        try {
            // A new decoder reports what it cannot decode.
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
