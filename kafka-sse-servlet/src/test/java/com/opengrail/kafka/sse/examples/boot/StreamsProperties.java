package com.opengrail.kafka.sse.examples.boot;

import com.opengrail.kafka.sse.KafkaSse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** The settings that this application wants to be able to change. Those that it leaves out keep their defaults. */
@ConfigurationProperties("kafka-sse")
record StreamsProperties(
        List<String> topics,
        String bootstrapServers,
        @DefaultValue("5s") Duration keepAlive,
        @DefaultValue("16MB") DataSize window,
        @DefaultValue("10000") int maxConnections,
        @DefaultValue Map<String, String> consumer) {

    KafkaSse engine() {
        KafkaSse.Builder builder = KafkaSse.builder()
                .name("streams")
                .topics(topics.toArray(new String[0]))
                .bootstrapServers(bootstrapServers)
                .keepAlive(keepAlive)
                .windowBytes(window.toBytes())
                .maxConnections(maxConnections);
        consumer.forEach(builder::consumerProperty);
        return builder.build();
    }
}
