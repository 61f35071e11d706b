package com.opengrail.kafka.sse.internal.client;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Tells WebKit, the engine of Safari and of all browsers on iOS, from others.
 *
 * <p>WebKit keeps the part of an event that a broken connection has left, and adds the next connection's lines to it. The
 * first empty line would dispatch half an event. By the HTML standard (9.2.6) the part is to be dropped. So what such a
 * browser gets when it comes back begins with a block that ends the part: {@link StreamBlocks#first}.
 */
final class WebKit {
    static final String USER_AGENT = "User-Agent";
    private static final int MAX_ID_CHARACTERS = 4096;

    private WebKit() {}

    /** The id with which a browser with this engine comes back. Chromium's name holds that of WebKit, its ancestor. */
    static Optional<String> idOf(HttpServletRequest request) {
        String agent = request.getHeader(USER_AGENT);
        String id = request.getHeader("Last-Event-ID");
        boolean comesBack = agent != null
                && agent.contains("AppleWebKit/")
                && !agent.contains("Chrome/")
                && id != null
                && !id.isEmpty();
        return comesBack && id.length() <= MAX_ID_CHARACTERS ? Optional.of(id) : Optional.empty();
    }
}
