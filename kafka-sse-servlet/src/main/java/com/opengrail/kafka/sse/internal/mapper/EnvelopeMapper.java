package com.opengrail.kafka.sse.internal.mapper;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.SseEventMapper;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Puts the data into a JSON object, together with the record's topic, partition, offset, timestamp, key and headers.
 * Data that is JSON stays JSON; any other data becomes a string. Only listed headers are sent, because others may be
 * meant for services alone.
 */
final class EnvelopeMapper implements SseEventMapper {
    private static final String HEADERS = "headers=";

    private final Set<String> headers;

    private EnvelopeMapper(Set<String> headers) {
        this.headers = headers;
    }

    /**
     * Makes a mapper.
     *
     * @param argument {@code headers=} and the names of headers, separated by {@code |}; {@code null} for no headers
     * @throws IllegalArgumentException if the argument is anything else
     */
    static EnvelopeMapper of(String argument) {
        if (argument == null) {
            return new EnvelopeMapper(Set.of());
        }
        List<String> names = argument.startsWith(HEADERS)
                ? Arrays.stream(argument.substring(HEADERS.length()).split("\\|", -1))
                        .map(String::strip)
                        .toList()
                : List.of("");
        if (names.contains("")) {
            throw new IllegalArgumentException("envelope takes the names of the headers that may go out, as in"
                    + " envelope:headers=trace-id|source, or no argument: \"" + argument + "\"");
        }
        return new EnvelopeMapper(Set.copyOf(names));
    }

    @Override
    public void map(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
        StringBuilder json = new StringBuilder("{\"topic\":");
        Json.string(json, record.topic());
        json.append(",\"partition\":").append(record.partition());
        json.append(",\"offset\":").append(record.offset());
        json.append(",\"timestamp\":");
        json.append(record.timestamp() == ConsumerRecord.NO_TIMESTAMP ? "null" : Long.toString(record.timestamp()));
        json.append(",\"key\":");
        Json.string(json, RecordText.of(record.key()));
        json.append(",\"headers\":{");
        appendHeaders(json, record);
        json.append("},\"value\":");
        Json.data(json, event.data());
        next.accept(event.withData(json.append('}').toString()));
    }

    /** Of several headers of one name the last counts, as for {@code Headers.lastHeader}. */
    private void appendHeaders(StringBuilder json, ConsumerRecord<?, ?> record) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            if (headers.contains(header.key())) {
                values.put(header.key(), header.value() == null ? null : new String(header.value(), UTF_8));
            }
        }
        String separator = "";
        for (Map.Entry<String, String> header : values.entrySet()) {
            json.append(separator);
            Json.string(json, header.getKey());
            json.append(':');
            Json.string(json, header.getValue());
            separator = ",";
        }
    }
}
