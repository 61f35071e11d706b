package com.opengrail.kafka.sse.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * An incremental decoder of one HTTP/1.1 response: head, then a body that is chunked, counted or ended by the close.
 *
 * <p>Small, since a swarm has one per connection: after the head it keeps no bytes.
 *
 * <p>Threads: fed by one thread; what it knows of the head may be read by others once they know it is complete.
 */
public final class ResponseDecoder {

    /** Takes the decoded body. */
    public interface Body {
        void bytes(byte[] bytes, int offset, int length);
    }

    private enum State {
        HEAD,
        UNTIL_CLOSE,
        COUNTED,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILER,
        DONE
    }

    // All changed by the feeding thread.
    private State state = State.HEAD;
    private ByteArrayOutputStream head = new ByteArrayOutputStream(512);
    private Map<String, String> headers = Map.of();
    private int status;
    private long remaining;
    private int trailerLineLength;

    public boolean headComplete() {
        return state != State.HEAD;
    }

    public int status() {
        return status;
    }

    /** Names in any case; several values of one name are joined by a comma. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Lets go of what only the first look at a response needs. */
    public void forgetHeaders() {
        headers = Map.of();
    }

    /** Whether the body has come to its own end, rather than been cut off. */
    public boolean ended() {
        return state == State.DONE;
    }

    public void feed(byte[] bytes, int offset, int length, Body body) {
        int at = offset;
        int end = offset + length;
        while (at < end && state != State.DONE) {
            if (state == State.UNTIL_CLOSE) {
                body.bytes(bytes, at, end - at);
                return;
            }
            if (state == State.COUNTED || state == State.CHUNK_DATA) {
                int part = (int) Math.min(remaining, end - at);
                body.bytes(bytes, at, part);
                at += part;
                remaining -= part;
                if (remaining == 0) {
                    state = state == State.COUNTED ? State.DONE : State.CHUNK_END;
                }
            } else {
                framing(bytes[at++]);
            }
        }
    }

    private void framing(byte b) {
        switch (state) {
            case HEAD -> {
                head.write(b);
                if (b == '\n' && endsWithEmptyLine()) {
                    readHead(head.toString(StandardCharsets.ISO_8859_1));
                    head = null;
                }
            }
            case CHUNK_SIZE -> chunkSize(b);
            case CHUNK_END -> state = b == '\n' ? State.CHUNK_SIZE : State.CHUNK_END;
            case TRAILER -> trailer(b);
            default -> throw new IllegalStateException("no framing in " + state);
        }
    }

    private boolean endsWithEmptyLine() {
        byte[] bytes = head.toByteArray();
        int n = bytes.length;
        return n >= 4 && bytes[n - 4] == '\r' && bytes[n - 3] == '\n' && bytes[n - 2] == '\r';
    }

    private void readHead(String text) {
        String[] lines = text.split("\r\n");
        status = Integer.parseInt(lines[0].split(" ")[1]);
        headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.merge(
                    lines[i].substring(0, colon),
                    lines[i].substring(colon + 1).strip(),
                    (first, next) -> first + "," + next);
        }
        if ("chunked".equalsIgnoreCase(headers.get("Transfer-Encoding"))) {
            state = State.CHUNK_SIZE;
        } else if (headers.containsKey("Content-Length")) {
            remaining = Long.parseLong(headers.get("Content-Length"));
            state = remaining == 0 ? State.DONE : State.COUNTED;
        } else {
            state = State.UNTIL_CLOSE;
        }
    }

    private void chunkSize(byte b) {
        int digit = Character.digit(b, 16);
        if (digit >= 0) {
            remaining = remaining * 16 + digit;
        } else if (b == '\n') {
            state = remaining == 0 ? State.TRAILER : State.CHUNK_DATA;
            trailerLineLength = 0;
        } else if (b != '\r') {
            throw new IllegalStateException("not a chunk size: byte " + b);
        }
    }

    private void trailer(byte b) {
        if (b != '\n') {
            trailerLineLength += b == '\r' ? 0 : 1;
        } else if (trailerLineLength == 0) {
            state = State.DONE;
        } else {
            trailerLineLength = 0;
        }
    }
}
