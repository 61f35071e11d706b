package com.opengrail.kafka.sse.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.opengrail.kafka.sse.testing.SwarmClient;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * One connection of an attack.
 *
 * <p>Threads: that of its selector.
 */
final class Stranger implements SwarmClient {
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final int STATUS_END = STATUS_AT + 3;

    private final int number;
    private final boolean stares;
    private final byte[] request;
    private final Map<String, LongAdder> answers;
    private boolean answered;

    /**
     * A stranger who has not come yet.
     *
     * @param number decides the address
     * @param answers counts them by status
     */
    Stranger(int number, boolean stares, byte[] request, Map<String, LongAdder> answers) {
        this.number = number;
        this.stares = stares;
        this.request = request;
        this.answers = answers;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public boolean isStuck() {
        return stares;
    }

    @Override
    public byte[] request() {
        return request;
    }

    @Override
    public void received(byte[] bytes, int count) {
        if (!answered && count >= STATUS_END) {
            answered = true;
            count(new String(bytes, STATUS_AT, STATUS_END - STATUS_AT, US_ASCII));
        }
    }

    private void count(String answer) {
        answers.computeIfAbsent(answer, any -> new LongAdder()).increment();
    }

    @Override
    public boolean isComplete() {
        return false;
    }

    @Override
    public void ended() {
        if (!answered) {
            count("closed");
        }
    }

    @Override
    public void failed(IOException cause) {
        count("failed");
    }
}
