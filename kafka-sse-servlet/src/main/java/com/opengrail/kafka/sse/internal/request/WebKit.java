package com.opengrail.kafka.sse.internal.request;

import com.opengrail.kafka.sse.internal.position.PositionCodec;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Tells WebKit, the engine of Safari and of all browsers on iOS, from others.
 *
 * <p>WebKit keeps the part of an event that a broken connection has left, and adds the next connection's lines to it. The
 * first empty line would dispatch half an event. By the HTML standard (9.2.6) the part is to be dropped. So what such a
 * browser gets begins with a block that ends the part.
 */
final class WebKit {
    static final String USER_AGENT = "User-Agent";

    private WebKit() {}

    /**
     * The last event id of a browser with this engine; {@code ""} if it has none yet. There is no value for other clients,
     * and none for an id with characters that no server writes.
     */
    static Optional<String> idOf(HttpServletRequest request) {
        String agent = request.getHeader(USER_AGENT);
        // Chromium's name holds that of WebKit, its ancestor.
        if (agent == null || !agent.contains("AppleWebKit/") || agent.contains("Chrome/")) {
            return Optional.empty();
        }
        return Optional.of(StreamRequest.lastEventId(request)).filter(WebKit::isPlain);
    }

    private static boolean isPlain(String id) {
        return id.length() <= PositionCodec.MAX_ID_LENGTH
                && id.chars().allMatch(character -> character > ' ' && character <= '~');
    }
}
