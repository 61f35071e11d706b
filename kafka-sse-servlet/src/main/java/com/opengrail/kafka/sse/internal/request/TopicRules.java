package com.opengrail.kafka.sse.internal.request;

import com.opengrail.kafka.sse.internal.filter.TopicName;
import com.opengrail.kafka.sse.internal.position.Start;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The topics that a request may name, and those that it gets when it names none.
 *
 * @param defaults the topics when a request names none
 * @param defaultStart where a stream starts when a request does not say
 * @param allowed the topics that a request may name
 * @param mostOfRequest how many topics one request may combine
 */
public record TopicRules(List<String> defaults, Start defaultStart, Predicate<String> allowed, int mostOfRequest) {
    private static final int MAX_CHARACTERS = 8192;
    private static final Pattern BETWEEN_NAMES = Pattern.compile("%[0-9A-Fa-f]{2}|[^A-Za-z0-9._-]+");

    /** The topics of a request, sorted, each once. */
    List<String> topics(HttpServletRequest request, CallOptions call) throws HttpRejection {
        if (!call.options().topics().isEmpty()) {
            return ofCode(request, call);
        }
        String requested = requested(request, call);
        return requested == null ? ofDefaults() : ofRequest(request, call, requested);
    }

    /** The topics as the request names them, taken literally, or {@code null} if it names none. */
    private static String requested(HttpServletRequest request, CallOptions call) throws HttpRejection {
        String path = call.pathNamesTopics() ? request.getPathInfo() : null;
        String inPath = path != null && path.length() > 1 ? path.substring(1) : null;
        StreamRequest.refuseOtherSpellings(request, "topic");
        String[] values = request.getParameterValues("topic");
        if (values != null && values.length > 1) {
            throw HttpRejection.badRequest("The parameter topic is given more than once; separate topics by commas");
        }
        String inParameter = StreamRequest.parameter(request, "topic");
        if (inPath != null && inParameter != null) {
            throw HttpRejection.badRequest(
                    "Topics are named in the path and by the parameter topic; name them in one place");
        }
        return inPath != null ? inPath : inParameter;
    }

    private List<String> ofDefaults() throws HttpRejection {
        if (defaults.isEmpty()) {
            throw HttpRejection.badRequest("No topic: name one in the path or as parameter topic");
        }
        return sorted(defaults);
    }

    private List<String> ofRequest(HttpServletRequest request, CallOptions call, String requested)
            throws HttpRejection {
        if (requested.length() > MAX_CHARACTERS) {
            throw HttpRejection.badRequest("topic is longer than " + MAX_CHARACTERS + " characters");
        }
        List<String> names = sorted(Arrays.asList(requested.split(",", -1)));
        if (names.size() > mostOfRequest) {
            throw HttpRejection.badRequest(
                    "topic names more topics than the " + mostOfRequest + " that a request may combine");
        }
        for (String name : names) {
            if (!TopicName.isValid(name)) {
                throw HttpRejection.badRequest("topic " + HttpRejection.quote(name)
                        + " is not a topic name: letters, digits, '.', '_' and '-', at most 249");
            }
        }
        return ifAllowed(request, call, names);
    }

    private List<String> ofCode(HttpServletRequest request, CallOptions call) throws HttpRejection {
        List<String> names = sorted(call.options().topics());
        if (!names.stream().allMatch(TopicName::isValid)) {
            throw HttpRejection.badRequest("This is not a topic name: letters, digits, '.', '_' and '-', at most 249");
        }
        return ifAllowed(request, call, names);
    }

    private List<String> ifAllowed(HttpServletRequest request, CallOptions call, List<String> names)
            throws HttpRejection {
        for (String name : names) {
            if (!allowed.test(name)) {
                throw notAllowed(request, call, name);
            }
        }
        return names;
    }

    /** Names the topic only if the request has named it, possibly in a part of the path that only code reads. */
    static HttpRejection notAllowed(HttpServletRequest request, CallOptions call, String topic) throws HttpRejection {
        boolean isDefault = call.options().topics().isEmpty() && requested(request, call) == null;
        boolean isNamed = !isDefault && words(request).contains(topic);
        return new HttpRejection(
                HttpServletResponse.SC_FORBIDDEN,
                (isNamed ? "topic " + HttpRejection.quote(topic) : "The topic") + " is not allowed");
    }

    private static List<String> words(HttpServletRequest request) {
        String url = request.getRequestURI() + " " + request.getQueryString();
        return Arrays.asList(BETWEEN_NAMES.split(url));
    }

    private static List<String> sorted(Collection<String> names) {
        return names.stream().distinct().sorted().toList();
    }
}
