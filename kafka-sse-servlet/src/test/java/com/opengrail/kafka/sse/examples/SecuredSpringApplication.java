package com.opengrail.kafka.sse.examples;

import com.opengrail.kafka.sse.KafkaSse;
import com.opengrail.kafka.sse.KafkaSseServlet;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.time.Duration;
import java.util.EnumSet;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.security.core.session.SessionRegistryImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.authentication.JwtGrantedAuthoritiesConverter;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.session.HttpSessionEventPublisher;
import org.springframework.web.WebApplicationInitializer;
import org.springframework.web.context.ContextLoaderListener;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.filter.DelegatingFilterProxy;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;

/**
 * A WAR with Spring Security: log-ins with sessions, and bearer tokens below {@code /tokens}. Its streams come from a
 * controller and from the servlet of the library.
 */
public final class SecuredSpringApplication implements WebApplicationInitializer {
    /** The key that signs tokens. A real application has an issuer. */
    public static final SecretKeySpec KEY = new SecretKeySpec(new byte[32], "HmacSHA256");

    private final AnnotationConfigWebApplicationContext beans = new AnnotationConfigWebApplicationContext();

    /** The beans that decide who may do what, and the engine. */
    @Configuration
    @EnableWebMvc
    @EnableWebSecurity
    @Import(SecuredController.class)
    public static class Beans {
        @Bean
        @Order(1)
        SecurityFilterChain tokens(HttpSecurity http) throws Exception {
            return http.securityMatcher(PathPatternRequestMatcher.withDefaults().matcher("/tokens/**"))
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                    .oauth2ResourceServer(server -> server.jwt(jwt -> jwt.jwtAuthenticationConverter(rolesOfTokens())))
                    .addFilterAfter(new TokenEndFilter(), BearerTokenAuthenticationFilter.class)
                    .build();
        }

        /** The claim {@code roles} gives the roles. By default the scopes would be authorities, and no roles. */
        private static JwtAuthenticationConverter rolesOfTokens() {
            JwtGrantedAuthoritiesConverter roles = new JwtGrantedAuthoritiesConverter();
            roles.setAuthoritiesClaimName("roles");
            roles.setAuthorityPrefix("ROLE_");
            JwtAuthenticationConverter converter = new JwtAuthenticationConverter();
            converter.setJwtGrantedAuthoritiesConverter(roles);
            return converter;
        }

        @Bean
        JwtDecoder decoder() {
            return NimbusJwtDecoder.withSecretKey(KEY).build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain pages(HttpSecurity http, SessionRegistry registry) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .sessionManagement(sessions -> sessions.maximumSessions(-1).sessionRegistry(registry))
                    .build();
        }

        @Bean
        SessionRegistry registry() {
            return new SessionRegistryImpl();
        }

        @Bean
        InMemoryUserDetailsManager users() {
            return new InMemoryUserDetailsManager(User.withUsername("alice")
                    .password("{noop}secret")
                    .roles("reader")
                    .build());
        }

        @Bean
        KafkaSse engine() {
            return KafkaSse.builder()
                    .bootstrapServers(System.getProperty("example.brokers"))
                    .allowedTopics("orders-.*")
                    .topicRoles("orders-.*=reader")
                    .recheck(Duration.ofSeconds(1))
                    .build();
        }
    }

    /** The beans, once the application has started. */
    public WebApplicationContext beans() {
        return beans;
    }

    @Override
    public void onStartup(ServletContext context) {
        beans.register(Beans.class);
        context.addListener(new ContextLoaderListener(beans));
        // Without it the registry does not learn that a session has ended.
        context.addListener(HttpSessionEventPublisher.class);
        FilterRegistration.Dynamic security =
                context.addFilter("springSecurityFilterChain", DelegatingFilterProxy.class);
        security.setAsyncSupported(true);
        security.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
        add(context, "dispatcher", new DispatcherServlet(beans), "/");
        ServletRegistration.Dynamic sse = add(context, "sse", new KafkaSseServlet(), "/sse/*", "/tokens/sse/*");
        sse.setInitParameter("kafka-broker-url", System.getProperty("example.brokers"));
        sse.setInitParameter("allowed-topics", "orders-.*");
        sse.setInitParameter("topic-roles", "orders-.*=reader");
        sse.setInitParameter("recheck-millis", "1000");
    }

    private static ServletRegistration.Dynamic add(
            ServletContext context, String name, Servlet servlet, String... mappings) {
        ServletRegistration.Dynamic registration = context.addServlet(name, servlet);
        registration.setAsyncSupported(true);
        registration.setLoadOnStartup(1);
        registration.addMapping(mappings);
        return registration;
    }
}
