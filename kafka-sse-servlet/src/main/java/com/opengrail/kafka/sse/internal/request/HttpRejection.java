package com.opengrail.kafka.sse.internal.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.opengrail.kafka.sse.internal.metrics.RefusalReason;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * An answer that is not a stream, because a retry would not help: a status and one line that says what is wrong and
 * why.
 *
 * <p>Thrown while a request is read. It has no stack trace, because the cause is in the request and not in the code.
 */
public final class HttpRejection extends Exception {
    private static final long serialVersionUID = 1L;

    /** Text of the request is quoted up to this length. */
    private static final int QUOTED_CHARACTERS = 100;

    private final int status;

    public HttpRejection(int status, String text) {
        super(text, null, false, false);
        this.status = status;
    }

    static HttpRejection badRequest(String text) {
        return new HttpRejection(HttpServletResponse.SC_BAD_REQUEST, text);
    }

    /** The reason under which it is counted. */
    public RefusalReason reason() {
        return RefusalReason.ofStatus(status);
    }

    /** Text of the request in a form that an answer can quote: short, and on one line. */
    static String quote(String value) {
        String shown = value.length() <= QUOTED_CHARACTERS ? value : value.substring(0, QUOTED_CHARACTERS) + "…";
        return "'" + shown.replaceAll("\\p{Cntrl}", " ") + "'";
    }

    /** Sets status and headers, and returns the body. */
    public byte[] prepare(HttpServletResponse response) {
        UnsentBytes.drop(response);
        byte[] body = (getMessage() + "\n").getBytes(UTF_8);
        response.setStatus(status);
        response.setContentType("text/plain;charset=UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(body.length);
        return body;
    }

    public void send(HttpServletResponse response) throws IOException {
        response.getOutputStream().write(prepare(response));
    }
}
