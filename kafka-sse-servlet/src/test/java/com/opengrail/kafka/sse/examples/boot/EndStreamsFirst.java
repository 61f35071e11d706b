package com.opengrail.kafka.sse.examples.boot;

import com.opengrail.kafka.sse.KafkaSse;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Ends the streams before the web server waits for its requests: what is in the last phase stops first. */
@Component
class EndStreamsFirst implements SmartLifecycle {
    private final KafkaSse engine;
    private volatile boolean running;

    EndStreamsFirst(KafkaSse engine) {
        this.engine = engine;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        engine.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }
}
