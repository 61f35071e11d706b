package com.opengrail.kafka.sse.testing;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A user at the log-in and log-out pages that Spring Security makes. */
public final class SpringLogIn {
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    private SpringLogIn() {}

    /** Logs a user in. An application without a start page answers with an error. */
    public static void logIn(Browser browser, String contextPath, String user, String password)
            throws IOException, InterruptedException {
        String csrf = csrf(browser, contextPath + "/login");
        browser.post(contextPath + "/login", "username", user, "password", password, "_csrf", csrf);
    }

    /** Logs the user out, which invalidates the session. */
    public static void logOut(Browser browser, String contextPath) throws IOException, InterruptedException {
        browser.post(contextPath + "/logout", "_csrf", csrf(browser, contextPath + "/logout"));
    }

    private static String csrf(Browser browser, String path) throws IOException, InterruptedException {
        String page = browser.get(path).body();
        Matcher matcher = CSRF.matcher(page);
        if (!matcher.find()) {
            throw new AssertionError("no form at " + path + ": " + page);
        }
        return matcher.group(1);
    }
}
