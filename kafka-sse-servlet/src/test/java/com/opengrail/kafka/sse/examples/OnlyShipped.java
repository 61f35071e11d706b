package com.opengrail.kafka.sse.examples;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.SseEventMapper;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Filters: an event that is not passed on is not streamed. */
public final class OnlyShipped implements SseEventMapper {
    @Override
    public void map(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
        if (event.data() != null && event.data().startsWith("shipped ")) {
            next.accept(event);
        }
    }
}
