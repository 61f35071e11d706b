package com.opengrail.kafka.sse.internal.request;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.Set;
import java.util.function.Function;

/**
 * Limits topics to users with certain roles, however a request names the topic.
 *
 * @param rolesOf the roles for a topic, of which a user needs one; none: the topic is for everybody
 */
public record TopicRoles(Function<String, Set<String>> rolesOf) {
    /** Any authenticated user (Servlet 6.0, 13.3). */
    private static final String ANY_USER = "**";

    /** True if the user of a request may read all of these topics, as far as the container knows at this moment. */
    public boolean mayRead(HttpServletRequest request, Collection<String> topics) {
        return topics.stream()
                .map(rolesOf)
                .allMatch(roles -> roles.isEmpty() || roles.stream().anyMatch(role -> hasRole(request, role)));
    }

    public boolean isForAll(Collection<String> topics) {
        return topics.stream().allMatch(topic -> rolesOf.apply(topic).isEmpty());
    }

    private static boolean hasRole(HttpServletRequest request, String role) {
        // isUserInRole("**") would look for a role of the application with that name.
        return role.equals(ANY_USER) ? request.getUserPrincipal() != null : request.isUserInRole(role);
    }
}
