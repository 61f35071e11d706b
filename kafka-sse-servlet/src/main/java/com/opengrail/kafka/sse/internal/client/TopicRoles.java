package com.opengrail.kafka.sse.internal.client;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.Set;
import java.util.function.Function;

/**
 * Which topics are for users with certain roles only, by whatever way a topic is named.
 *
 * @param rolesOf the roles of which one is needed for a topic; none: it is for everybody
 */
public record TopicRoles(Function<String, Set<String>> rolesOf) {
    /** Any authenticated user (Servlet 6.0, 13.3). */
    private static final String ANY_USER = "**";

    /** Whether the user of a request may read all of these topics, as the container knows him at this moment. */
    boolean mayRead(HttpServletRequest request, Collection<String> topics) {
        for (String topic : topics) {
            Set<String> roles = rolesOf.apply(topic);
            if (!roles.isEmpty() && roles.stream().noneMatch(role -> hasRole(request, role))) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasRole(HttpServletRequest request, String role) {
        // Asked for by name, a container looks for a role of the application that is called so.
        return role.equals(ANY_USER) ? request.getUserPrincipal() != null : request.isUserInRole(role);
    }
}
