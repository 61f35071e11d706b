package com.opengrail.kafka.sse.internal.source;

import com.opengrail.kafka.sse.SseEventMapper;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import java.util.List;

/**
 * What makes events of records, as the settings describe it.
 *
 * <p>Threads: safe.
 *
 * @param defaultMapper whether a chain begins with the default mapper
 * @param mappers the mappers that follow
 * @param deserializers give what the mappers are to see
 * @param reserved the event names that records may not have
 * @param failures is told of the records that are skipped
 */
public record MapperChains(
        boolean defaultMapper,
        List<SseEventMapper> mappers,
        Deserializers deserializers,
        ReservedNames reserved,
        MappingFailures failures) {

    /** A chain for one thread. */
    MapperChain newChain() {
        SseEventMapper composed =
                mappers.stream().reduce(SseEventMapper::andThen).orElse(null);
        return new MapperChain(
                defaultMapper, composed, deserializers.ofKeys(), deserializers.ofValues(), reserved, failures);
    }
}
