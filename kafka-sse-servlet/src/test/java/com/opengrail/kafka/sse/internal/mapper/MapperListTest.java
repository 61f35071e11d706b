package com.opengrail.kafka.sse.internal.mapper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.SseEvent;
import com.opengrail.kafka.sse.SseEventMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mappers of the setting {@code event-mappers}. */
class MapperListTest {
    private static final Headers NONE = new RecordHeaders();

    private static ConsumerRecord<String, String> record(String key, String value, Headers headers) {
        int size = value == null ? ConsumerRecord.NULL_SIZE : value.length();
        return new ConsumerRecord<>(
                "orders",
                3,
                42,
                1_700_000_000_000L,
                TimestampType.CREATE_TIME,
                1,
                size,
                key,
                value,
                headers,
                Optional.empty());
    }

    private static Headers headers(String... namesAndValues) {
        Headers headers = new RecordHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(
                    namesAndValues[i], namesAndValues[i + 1] == null ? null : namesAndValues[i + 1].getBytes(UTF_8));
        }
        return headers;
    }

    /** What the default mapper and then the named one make of a record: name and data. */
    private static List<String> mapped(String named, ConsumerRecord<String, String> record) {
        SseEventMapper mapper = MapperList.of(List.of(named)).mappers().get(0);
        List<String> events = new ArrayList<>();
        mapper.map(
                record,
                SseEvent.of(record.key(), record.value()),
                event -> events.add(event.name() + " " + event.data()));
        return events;
    }

    @Test
    void shouldNameAnEventAfterAHeader() {
        assertEquals(List.of("created v"), mapped("header-event:type", record("k", "v", headers("type", "created"))));
        assertEquals(
                List.of("last v"),
                mapped("header-event: type ", record("k", "v", headers("type", "first", "type", "last"))));
        assertEquals(List.of("k v"), mapped("header-event:type", record("k", "v", headers("Type", "created"))));
        assertEquals(List.of("k v"), mapped("header-event:type", record("k", "v", headers("type", null))));
        assertEquals(List.of("é v"), mapped("header-event:a:b", record("k", "v", headers("a:b", "é"))));
    }

    @Test
    void shouldNameAnEventAfterTheTopicOrAsSaid() {
        assertEquals(List.of("orders v"), mapped("topic-event", record("k", "v", NONE)));
        assertEquals(List.of("news v"), mapped("constant-event:news", record("k", "v", NONE)));
    }

    @Test
    void shouldMakeTombstonesDeleteEventsOrSkipThem() {
        assertEquals(List.of("delete k"), mapped("tombstones:delete", record("k", null, NONE)));
        assertEquals(List.of("k "), mapped("tombstones:delete", record("k", "", NONE)));
        assertEquals(List.of(), mapped("tombstones:skip", record("k", null, NONE)));
        assertEquals(List.of("k v"), mapped("tombstones:skip", record("k", "v", NONE)));
    }

    @Test
    void shouldNameACloudEventInBinaryModeAfterItsType() {
        Headers binary =
                headers("ce_specversion", "1.0", "ce_id", "1", "ce_source", "/s", "ce_type", "com.example.made");
        assertEquals(List.of("com.example.made {}"), mapped("cloudevents", record("k", "{}", binary)));
        Headers structured = headers("content-type", "application/cloudevents+json; charset=UTF-8");
        String event = "{\"specversion\":\"1.0\",\"type\":\"com.example.made\"}";
        assertEquals(List.of("k " + event), mapped("cloudevents", record("k", event, structured)));
        assertEquals(List.of("k v"), mapped("cloudevents", record("k", "v", headers("ce_type", "none of its kind"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "null",
            value = {
                "{\"a\": [1, null]}|{\"a\": [1, null]}",
                "17|17",
                "plain text|\"plain text\"",
                "``|\"\"",
                "null|null",
                "1},\"offset\":7,\"value\":{|\"1},\\\"offset\\\":7,\\\"value\\\":{\"",
                "\"open|\"\\\"open\"",
                "NaN|\"NaN\""
            })
    void shouldPutTheDataIntoAnEnvelopeThatItCannotLeave(String data, String value) {
        String expected = "orders {\"topic\":\"orders\",\"partition\":3,\"offset\":42,\"timestamp\":1700000000000,"
                + "\"key\":\"k\\\"\\u000a\",\"headers\":{\"h\\\\\":\"2\",\"n\":null},\"value\":" + value + "}";
        ConsumerRecord<String, String> record =
                record("k\"\n", data, headers("h\\", "1", "n", null, "h\\", "2", "H\\", "3", "token", "secret"));
        List<SseEvent> events = new ArrayList<>();
        MapperList list = MapperList.of(List.of("topic-event", "envelope:headers=n| h\\"));
        list.mappers().get(0).andThen(list.mappers().get(1)).map(record, SseEvent.of("k", data), events::add);
        assertEquals(1, events.size());
        assertEquals(expected, events.get(0).name() + " " + events.get(0).data());
    }

    @Test
    void shouldPutNoHeaderIntoAnEnvelopeThatIsNotListed() {
        ConsumerRecord<String, String> record = record("k", "v", headers("token", "secret"));
        for (String mapper : List.of("envelope", "envelope:headers=other")) {
            String event = mapped(mapper, record).get(0);
            assertTrue(event.contains("\"headers\":{},"), event);
        }
    }

    @Test
    void shouldFindClassesByNameAndServicesBySimpleName() {
        for (String name : List.of("OfferedMapper", OfferedMapper.class.getName())) {
            assertEquals(List.of("offered v"), mapped(name, record("k", "v", NONE)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "header-event|header-event needs an argument, the name of a header",
                "header-event:|header-event needs an argument, the name of a header",
                "constant-event|constant-event needs an argument, the name of the events",
                "tombstones|tombstones needs an argument, delete or skip",
                "tombstones:drop|tombstones needs an argument, delete or skip",
                "topic-event:x|topic-event takes no argument",
                "cloudevents:x|cloudevents takes no argument",
                "trace:x|trace takes no argument",
                "envelope:x|envelope takes the names of the headers that may go out",
                "envelope:headers=|envelope takes the names of the headers that may go out",
                "envelope:headers|envelope takes the names of the headers that may go out",
                "header-evnt:type|\"header-evnt:type\" is neither a known mapper nor an SseEventMapper",
                "java.lang.String|\"java.lang.String\" is neither a known mapper nor an SseEventMapper"
            })
    void shouldSayWhatIsWrong(String element, String reason) {
        String message = assertThrows(IllegalArgumentException.class, () -> MapperList.of(List.of(element)))
                .getMessage();
        assertTrue(message.startsWith(reason), message);
    }

    @Test
    void shouldListTheKnownMappersForAnUnknownOne() {
        String message = assertThrows(IllegalArgumentException.class, () -> MapperList.mapper("unknown"))
                .getMessage();
        assertTrue(
                message.endsWith("known are cloudevents, constant-event:NAME, envelope, header-event:HEADER,"
                        + " tombstones:delete, tombstones:skip, topic-event, trace, " + OfferedMapper.class.getName()),
                message);
        for (String known : List.of(
                "cloudevents",
                "constant-event:NAME",
                "envelope",
                "header-event:HEADER",
                "tombstones:delete",
                "tombstones:skip",
                "topic-event",
                "trace")) {
            assertTrue(MapperList.of(List.of(known)).defaultMapper(), known);
        }
    }

    /** Its settings are not there, for example. */
    public static final class FailingMapper implements SseEventMapper {
        public FailingMapper() {
            throw new IllegalStateException("no settings");
        }

        @Override
        public void map(ConsumerRecord<?, ?> record, SseEvent event, Consumer<? super SseEvent> next) {
            next.accept(event);
        }
    }

    @Test
    void shouldSayWithWhatAConstructorFailed() {
        String name = FailingMapper.class.getName();
        String message = assertThrows(IllegalArgumentException.class, () -> MapperList.mapper(name))
                .getMessage();
        assertEquals(
                "\"" + name + "\": its constructor failed (java.lang.IllegalStateException: no settings)", message);
    }
}
