package com.opengrail.kafka.sse.internal.request;

import com.opengrail.kafka.sse.ClientFilters;
import com.opengrail.kafka.sse.StreamOptions;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Requests as a container hands them over, read by rules that a test may change. */
final class Requests {
    static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private Requests() {}

    /** The rules of a server that streams orders by default and takes three topics at most. */
    static RequestRules rules(ClientFilters filters, TopicRoles roles) {
        return new RequestRules(
                new TopicRules(List.of("orders"), new Start.Latest(), name -> !name.startsWith("secret"), 3),
                roles,
                filters,
                new ReservedNames(Optional.of("where")),
                InstantSource.fixed(NOW));
    }

    static RequestRules rules() {
        return rules(ClientFilters.REGEX, new TopicRoles(topic -> Set.of()));
    }

    /** What is understood of a request in the form of {@link FuzzedRequest}. */
    static StreamRequest read(String request) throws HttpRejection {
        return StreamRequest.of(FuzzedRequest.of(request), new CallOptions(StreamOptions.defaults(), true), rules());
    }

    /** What an application decides that names the topics itself. */
    static CallOptions byCode(List<String> topics) {
        return new CallOptions(StreamOptions.defaults().withTopics(topics), true);
    }

    /** Why a request is refused, as status and text. */
    static String refused(HttpServletRequest request, CallOptions call, RequestRules rules) {
        try {
            return "understood: " + StreamRequest.of(request, call, rules);
        } catch (HttpRejection e) {
            return e.reason().label() + " " + e.getMessage();
        }
    }
}
