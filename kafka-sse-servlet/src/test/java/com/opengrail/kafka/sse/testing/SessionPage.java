package com.opengrail.kafka.sse.testing;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.Collections;

/**
 * A page that begins a session with {@code ?begin=<seconds>}, ends it with {@code ?end}, tells its time-out with
 * {@code ?lasts} and otherwise what is in it. It needs no other class, so that it can be put into a WAR.
 */
public final class SessionPage extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String seconds = request.getParameter("begin");
        HttpSession session = request.getSession(seconds != null);
        if (seconds != null) {
            session.setAttribute("name", "alice");
            session.setMaxInactiveInterval(Integer.parseInt(seconds));
        }
        if (session == null) {
            response.getWriter().print("no session");
        } else if (request.getParameter("end") != null) {
            session.invalidate();
        } else if (request.getParameter("lasts") != null) {
            response.getWriter().print(session.getMaxInactiveInterval());
        } else {
            response.getWriter().print(Collections.list(session.getAttributeNames()));
        }
    }
}
