package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.window.Window;
import com.opengrail.kafka.sse.testing.QuietFollower;

/** A client that has asked for what follows its position, and does nothing but wait for the answer. */
public final class WaitingReplay implements QuietFollower {
    private final String payer;
    private final Replay request;
    private int wakes;

    /** Its feed has read no more than the client. */
    public WaitingReplay(TopicWatch topics, String payer, Position position) {
        this(topics, payer, position, new Window(1, position));
    }

    public WaitingReplay(TopicWatch topics, String payer, Position position, Window window) {
        this.payer = payer;
        this.request = new Replay(this, topics, window);
        request.ask(position);
    }

    /** What it has asked. */
    public Replay request() {
        return request;
    }

    /** The answer, or {@code null} if there is none yet. */
    public Replay.Answer answer() {
        return request.answer();
    }

    /** The client goes. */
    public void leave() {
        request.abandon();
    }

    /** How often it was told that there is an answer. */
    public int wakes() {
        return wakes;
    }

    @Override
    public String payer() {
        return payer;
    }

    @Override
    public void opened(Cursor cursor) {
        throw new IllegalStateException("opened by nobody");
    }

    @Override
    public boolean failed(StartFailure failure) {
        throw new IllegalStateException("failed by nobody");
    }

    @Override
    public void wake() {
        wakes++;
    }
}
