package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;

/** Who asks the brokers for clients whom the window alone cannot serve. */
public interface Replays {

    /** Something that a client needs from the brokers. */
    sealed interface Request permits Replay, Opening {

        /** The partitions that it is about. */
        Layout layout();

        /** Whether nobody waits for it any more. */
        boolean isAbandoned();

        /** Tells the client that Kafka refuses it. */
        void refuse(Refusal refusal);
    }

    /** Queues a request: in its turn a replay is filled and handed over, and a cursor is opened. */
    void serve(Request request);
}
