package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.StreamInfo;
import com.opengrail.kafka.sse.internal.access.EndReason;
import com.opengrail.kafka.sse.internal.request.StreamRequest;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs one line for each stream that has ended: who read what, from where, for how long, and why it ended. Values are
 * quoted, and nothing in them can end the line or the quotes.
 *
 * <p>Threads: safe.
 */
final class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("com.opengrail.kafka.sse.access");
    private static final double MILLIS_PER_SECOND = 1_000.0;

    private AccessLog() {}

    static void ended(StreamInfo stream, StreamRequest asked, Duration lasted, long bytes, EndReason why) {
        if (LOG.isDebugEnabled()) {
            LOG.debug(line(stream, asked, lasted, bytes, why));
        }
    }

    static String line(StreamInfo stream, StreamRequest asked, Duration lasted, long bytes, EndReason why) {
        StringBuilder line = new StringBuilder();
        append(line, "user", stream.user().orElse("-"));
        append(line, "address", stream.address());
        append(line, "topics", String.join(",", stream.topics()));
        append(line, "filter", asked.filter().toString());
        append(line, "from", asked.from());
        line.append("seconds=").append(lasted.toMillis() / MILLIS_PER_SECOND);
        line.append(" events=").append(stream.events());
        line.append(" bytes=").append(bytes).append(' ');
        append(line, "why", why.toString());
        return line.toString().trim();
    }

    private static void append(StringBuilder line, String name, String value) {
        line.append(name).append("=\"");
        value.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                line.append('\\').appendCodePoint(point);
            } else if (isShown(point)) {
                line.appendCodePoint(point);
            } else {
                line.append(String.format("\\u{%x}", point));
            }
        });
        line.append("\" ");
    }

    /** True if a character neither breaks the line nor changes how the rest of it is displayed. */
    private static boolean isShown(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
