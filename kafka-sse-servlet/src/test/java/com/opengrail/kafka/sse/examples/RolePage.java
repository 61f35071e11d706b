package com.opengrail.kafka.sse.examples;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.web.context.support.WebApplicationContextUtils;

/**
 * The start page of {@link SecuredSpringApplication} in a WAR, where no test can reach its beans. With {@code ?is=<role>}
 * it gives the user that role and no other.
 */
@WebServlet("")
public final class RolePage extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        String role = request.getParameter("is");
        if (role != null) {
            WebApplicationContextUtils.getRequiredWebApplicationContext(getServletContext())
                    .getBean(InMemoryUserDetailsManager.class)
                    .updateUser(User.withUsername("alice")
                            .password("{noop}secret")
                            .roles(role)
                            .build());
        }
    }
}
