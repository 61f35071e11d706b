package com.opengrail.kafka.sse.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A user's browser: it keeps cookies, follows redirects and opens streams with the cookies that it has.
 *
 * <p>Threads: one at a time.
 */
public final class Browser {
    private final Function<String, URI> addresses;
    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
    private final HttpClient client = HttpClient.newBuilder()
            .cookieHandler(cookies)
            .followRedirects(HttpClient.Redirect.ALWAYS)
            .build();

    /** A browser without cookies, for pages of this application. */
    public Browser(WebApplication application) {
        this(application::uri);
    }

    /** A browser without cookies, for pages at these addresses. */
    public Browser(Function<String, URI> addresses) {
        this.addresses = addresses;
    }

    /** The answer to a request for a page. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(addresses.apply(path)).build(), BodyHandlers.ofString());
    }

    /** Asks for a page until its text is this. What another request has done to a session may show only later. */
    public void awaitPage(String path, String text, Duration limit) {
        Await.until(path + " to be " + text, limit, () -> body(path).equals(text), () -> body(path));
    }

    private String body(String path) {
        try {
            return get(path).body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("No answer from " + path, e);
        }
    }

    /** The answer to a form with these fields: names and values in turn. */
    public HttpResponse<String> post(String path, String... namesAndValues) throws IOException, InterruptedException {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(namesAndValues[i] + "=" + URLEncoder.encode(namesAndValues[i + 1], UTF_8));
        }
        HttpRequest request = HttpRequest.newBuilder(addresses.apply(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(String.join("&", fields)))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    /** Logs in at the container, which has sent the browser from a page of that path to its log-in page. */
    public HttpResponse<String> logIn(String contextPath, String page, String user)
            throws IOException, InterruptedException {
        get(contextPath + page);
        return post(contextPath + "/j_security_check", "j_username", user, "j_password", Users.PASSWORD);
    }

    /** The cookies as a request header. */
    public String cookies() {
        return cookies.getCookieStore().getCookies().stream()
                .map(cookie -> cookie.getName() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    /** The value of a cookie. */
    public String cookie(String name) {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    /** Opens a stream. Its response sets no cookies here. */
    public SseClient stream(String path) throws IOException {
        return SseClient.to(addresses.apply(path)).header("Cookie", cookies()).open();
    }
}
