package com.opengrail.kafka.sse.examples;

import com.opengrail.kafka.sse.KafkaSse;
import com.opengrail.kafka.sse.StreamOptions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.session.SessionInformation;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** A controller whose streams end with what Spring Security knows about their users. */
@Controller
public class SecuredController {
    private final KafkaSse engine;
    private final SessionRegistry registry;
    private final UserDetailsService users;

    /** The engine, the sessions and the users are beans. */
    public SecuredController(KafkaSse engine, SessionRegistry registry, UserDetailsService users) {
        this.engine = engine;
        this.registry = registry;
        this.users = users;
    }

    /** Ends when the session has been expired in the registry, or the role has been withdrawn. */
    @GetMapping("/streams/{topic}")
    public void stream(
            @PathVariable("topic") String topic,
            @AuthenticationPrincipal UserDetails user,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        String session = request.getSession().getId();
        engine.stream(
                request,
                response,
                StreamOptions.defaults()
                        .withTopics(List.of(topic))
                        .withCheck(() -> isLoggedIn(session) && isReader(user.getUsername())));
    }

    private boolean isLoggedIn(String session) {
        SessionInformation known = registry.getSessionInformation(session);
        return known != null && !known.isExpired();
    }

    /** Asks for the roles of now. A user who is gone is an exception, which ends the stream too. */
    private boolean isReader(String name) {
        return users.loadUserByUsername(name).getAuthorities().contains(new SimpleGrantedAuthority("ROLE_reader"));
    }

    /** Ends when the token expires. */
    @GetMapping("/tokens/streams/{topic}")
    public void streamUntilTheTokenExpires(
            @PathVariable("topic") String topic,
            @AuthenticationPrincipal Jwt token,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        engine.stream(
                request,
                response,
                StreamOptions.defaults().withTopics(List.of(topic)).withUntil(token.getExpiresAt()));
    }
}
