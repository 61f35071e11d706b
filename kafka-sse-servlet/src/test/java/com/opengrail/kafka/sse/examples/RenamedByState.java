package com.opengrail.kafka.sse.examples;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.SseEventMapper;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Renames: the event's name is the first word of the data, and not the key. */
public final class RenamedByState implements SseEventMapper {
    @Override
    public void map(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
        next.accept(event.withName(event.data().split(" ")[0]));
    }
}
