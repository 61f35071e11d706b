package com.opengrail.kafka.sse.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A text/event-stream parser that follows the HTML standard (9.2.6) to the letter, fed with bytes cut anywhere.
 *
 * <p>Threads: fed by one thread, which also calls the listener.
 */
public final class SseParser {

    private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /** What a page would notice, and what it would not. */
    public interface Listener {

        void event(String lastEventId, String type, String data);

        default void retry(long millis) {}

        default void comment(String text) {}
    }

    private final Listener listener;

    // The state of the stream, changed by the feeding thread.
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean afterCarriageReturn;
    private boolean firstLine = true;

    // The buffers of the standard, changed by the feeding thread.
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private String idBuffer = "";
    private String lastEventId = "";

    public SseParser(Listener listener) {
        this.listener = listener;
    }

    /** What a browser would send as {@code Last-Event-ID} if the connection ended now. */
    public String lastEventId() {
        return lastEventId;
    }

    public void feed(byte[] bytes) {
        feed(bytes, 0, bytes.length);
    }

    public void feed(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes[i];
            if (b == '\n' && afterCarriageReturn) {
                afterCarriageReturn = false;
                continue;
            }
            afterCarriageReturn = b == '\r';
            if (b == '\n' || b == '\r') {
                endOfLine();
            } else {
                line.write(b);
            }
        }
    }

    private void endOfLine() {
        byte[] bytes = line.toByteArray();
        line.reset();
        int start = firstLine && startsWithBom(bytes) ? BOM.length : 0;
        firstLine = false;
        interpret(new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8));
    }

    private static boolean startsWithBom(byte[] bytes) {
        return bytes.length >= BOM.length && bytes[0] == BOM[0] && bytes[1] == BOM[1] && bytes[2] == BOM[2];
    }

    private void interpret(String text) {
        int colon = text.indexOf(':');
        if (text.isEmpty()) {
            dispatch();
        } else if (colon == 0) {
            listener.comment(text.substring(1));
        } else if (colon > 0) {
            int value = text.startsWith(" ", colon + 1) ? colon + 2 : colon + 1;
            field(text.substring(0, colon), text.substring(value));
        } else {
            field(text, "");
        }
    }

    private void field(String name, String value) {
        switch (name) {
            case "event" -> type = value;
            case "data" -> data.append(value).append('\n');
            case "id" -> {
                if (value.indexOf('\0') < 0) {
                    idBuffer = value;
                }
            }
            case "retry" -> {
                if (value.matches("[0-9]{1,18}")) {
                    listener.retry(Long.parseLong(value));
                }
            }
            default -> {
                // The standard ignores any other field.
            }
        }
    }

    private void dispatch() {
        lastEventId = idBuffer;
        String dispatchedType = type.isEmpty() ? "message" : type;
        type = "";
        if (data.isEmpty()) {
            return;
        }
        data.setLength(data.length() - 1);
        String text = data.toString();
        data.setLength(0);
        listener.event(lastEventId, dispatchedType, text);
    }
}
