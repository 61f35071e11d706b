package com.opengrail.kafka.sse.internal.mapper;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.SseEventMapper;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Puts the data into a JSON object, together with the trace context of the record's headers (W3C Trace Context). The
 * object has the same shape for every record: without a valid context it holds the data alone.
 *
 * <p>Only what is valid goes out: a page may give it to a tracing library or send it back in a request.
 */
final class TraceMapper implements SseEventMapper {
    private static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";

    /** The ids of trace and parent, of which neither is all zeros, and the flags. */
    private static final String IDS = "-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}";

    /** Version 00 is known. A later one begins like it, and may have more behind. */
    private static final Pattern VALID_PARENT =
            Pattern.compile("00" + IDS + "|(?!00|ff)[0-9a-f]{2}" + IDS + "(?:-[!-~]*)?");

    /** A key, and a value that has no comma, no equals sign and no space at its end. */
    private static final String MEMBER = "[a-z0-9][a-z0-9_*/@-]{0,255}=[ -+\\--<>-~]{0,255}[!-+\\--<>-~]";

    /** A member or nothing, with white space around it: spaces and tabs alone. */
    private static final Pattern VALID_ELEMENT = Pattern.compile("[ \t]*+(?:" + MEMBER + "[ \t]*+)?");

    /** What everybody has to pass on at least. Longer ones are left out. */
    private static final int MAX_LENGTH = 512;

    private static final int MAX_MEMBERS = 32;

    @Override
    public void map(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
        StringBuilder json = new StringBuilder("{");
        String parent = header(record, PARENT);
        if (parent != null && VALID_PARENT.matcher(parent).matches()) {
            append(json, PARENT, parent);
            String state = header(record, STATE);
            // Without its parent a state has no meaning.
            if (state != null && isState(state)) {
                append(json, STATE, state);
            }
        }
        json.append("\"value\":");
        Json.data(json, event.data());
        next.accept(event.withData(json.append('}').toString()));
    }

    private static void append(StringBuilder json, String name, String value) {
        Json.string(json, name);
        json.append(':');
        Json.string(json, value);
        json.append(',');
    }

    /** Of several headers of one name the last counts. What is no ASCII stays so, and is not valid. */
    private static String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        byte[] value = header == null ? null : header.value();
        return value == null || value.length > MAX_LENGTH ? null : new String(value, ISO_8859_1);
    }

    /** True for a list of at least one member; elements may be empty, and have white space around them. */
    private static boolean isState(String state) {
        int members = 0;
        for (String element : state.split(",", -1)) {
            members += element.isBlank() ? 0 : 1;
            if (members > MAX_MEMBERS || !VALID_ELEMENT.matcher(element).matches()) {
                return false;
            }
        }
        return members > 0;
    }
}
