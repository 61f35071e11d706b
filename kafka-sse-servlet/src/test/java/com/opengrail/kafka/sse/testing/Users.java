package com.opengrail.kafka.sse.testing;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.auth.Subject;
import org.apache.catalina.Wrapper;
import org.apache.catalina.authenticator.AuthenticatorBase;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.realm.RealmBase;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.apache.tomcat.util.descriptor.web.SecurityCollection;
import org.apache.tomcat.util.descriptor.web.SecurityConstraint;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.security.ConstraintMapping;
import org.eclipse.jetty.ee10.servlet.security.ConstraintSecurityHandler;
import org.eclipse.jetty.security.Constraint;
import org.eclipse.jetty.security.DefaultIdentityService;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.UserIdentity;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.security.authentication.BasicAuthenticator;
import org.eclipse.jetty.security.authentication.FormAuthenticator;
import org.eclipse.jetty.util.security.Password;

/**
 * Users of a web application who log in at the container, all with one password. Everything but the log-in page needs a
 * log-in. Roles may be withdrawn at any time: both containers are given a realm that looks them up at each question.
 *
 * <p>Threads: safe.
 */
public final class Users {
    public static final String PASSWORD = "secret";
    public static final String LOGIN_PAGE = "/login";

    private final String method;
    private final Map<String, Set<String>> roles = new ConcurrentHashMap<>();

    private Users(String method) {
        this.method = method;
    }

    public static Users basic() {
        return new Users("BASIC");
    }

    /** Users whose log-in page the application serves at {@link #LOGIN_PAGE}. */
    public static Users form() {
        return new Users("FORM");
    }

    /** A user who has these roles from now on. */
    public Users add(String name, String... has) {
        roles.put(name, Set.of(has));
        return this;
    }

    private boolean has(String user, String role) {
        return roles.getOrDefault(user, Set.of()).contains(role);
    }

    void protect(ServletContextHandler context) {
        UserStore store = new UserStore();
        roles.keySet().forEach(name -> store.addUser(name, new Password(PASSWORD), new String[0]));
        HashLoginService logins = new HashLoginService("test");
        logins.setUserStore(store);
        logins.setIdentityService(new DefaultIdentityService() {
            @Override
            public UserIdentity newUserIdentity(Subject subject, Principal user, String[] atLogin) {
                return new UserIdentity() {
                    @Override
                    public Subject getSubject() {
                        return subject;
                    }

                    @Override
                    public Principal getUserPrincipal() {
                        return user;
                    }

                    @Override
                    public boolean isUserInRole(String role) {
                        return has(user.getName(), role);
                    }
                };
            }
        });
        ConstraintMapping everything = new ConstraintMapping();
        everything.setPathSpec("/*");
        everything.setConstraint(Constraint.ANY_USER);
        ConstraintSecurityHandler security = new ConstraintSecurityHandler();
        security.setLoginService(logins);
        security.setAuthenticator(
                method.equals("BASIC")
                        ? new BasicAuthenticator()
                        : new FormAuthenticator(LOGIN_PAGE, LOGIN_PAGE, false));
        security.setConstraintMappings(List.of(everything));
        context.setSecurityHandler(security);
    }

    void protect(StandardContext context) {
        context.setRealm(new RealmBase() {
            @Override
            protected String getPassword(String user) {
                return PASSWORD;
            }

            @Override
            protected Principal getPrincipal(String user) {
                return new GenericPrincipal(user, List.of());
            }

            @Override
            public boolean hasRole(Wrapper servlet, Principal user, String role) {
                return has(user.getName(), role);
            }
        });
        SecurityCollection everything = new SecurityCollection();
        everything.addPattern("/*");
        SecurityConstraint constraint = new SecurityConstraint();
        constraint.addCollection(everything);
        constraint.addAuthRole(SecurityConstraint.ROLE_ALL_AUTHENTICATED_USERS);
        context.addConstraint(constraint);
        context.setLoginConfig(new LoginConfig(method, "test", LOGIN_PAGE, LOGIN_PAGE));
        AuthenticatorBase authenticator = method.equals("BASIC")
                ? new org.apache.catalina.authenticator.BasicAuthenticator()
                : new org.apache.catalina.authenticator.FormAuthenticator();
        context.getPipeline().addValve(authenticator);
    }
}
