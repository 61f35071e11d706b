package com.opengrail.kafka.sse.internal.mapper;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.SseEventMapper;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A mapper that a jar offers as a service. */
public final class OfferedMapper implements SseEventMapper {
    @Override
    public void map(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
        next.accept(event.withName("offered"));
    }
}
