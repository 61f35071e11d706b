package com.opengrail.kafka.sse.examples.boot;

import com.opengrail.kafka.sse.EngineHealth;
import com.opengrail.kafka.sse.FeedHealth;
import com.opengrail.kafka.sse.KafkaSse;
import java.util.stream.Collectors;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/** The engine's health as the actuator shows it. */
@Component
class StreamsHealthIndicator implements HealthIndicator {
    private final KafkaSse engine;

    StreamsHealthIndicator(KafkaSse engine) {
        this.engine = engine;
    }

    @Override
    public Health health() {
        EngineHealth health = engine.health();
        return Health.status(health.isReady() ? "UP" : "DOWN")
                .withDetail("state", health.state())
                .withDetail("connections", health.connections())
                .withDetail(
                        "feeds",
                        health.feeds().stream()
                                .collect(Collectors.toMap(feed -> String.join(",", feed.topics()), FeedHealth::state)))
                .build();
    }
}
