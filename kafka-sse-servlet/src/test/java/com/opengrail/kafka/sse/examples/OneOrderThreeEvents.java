package com.opengrail.kafka.sse.examples;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.SseEventMapper;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Splits: one record becomes three events, of which the last one carries the id. */
public final class OneOrderThreeEvents implements SseEventMapper {
    @Override
    public void map(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
        next.accept(event);
        next.accept(SseEvent.of("customer", String.valueOf(record.key())));
        next.accept(SseEvent.of("time", Long.toString(record.timestamp())));
    }
}
