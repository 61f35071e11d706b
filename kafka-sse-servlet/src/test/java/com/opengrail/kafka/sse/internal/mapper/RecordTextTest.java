package com.opengrail.kafka.sse.internal.mapper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

/** What the default mapper makes of keys and values that are no strings. */
class RecordTextTest {

    @Test
    void shouldLeaveBytesAsTheyAre() {
        byte[] binary = {(byte) 0xff, 0, '\n', (byte) 0xc3};
        assertArrayEquals(binary, RecordText.utf8(binary));
        assertArrayEquals(binary, RecordText.utf8(Bytes.wrap(binary)));
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2);
        assertArrayEquals(new byte[] {2, 3}, RecordText.utf8(buffer));
        assertEquals(2, buffer.remaining());
        assertEquals("\ufffd\0\n\ufffd", RecordText.of(binary));
    }

    @Test
    void shouldTakeTheTextOfAnythingElse() throws Exception {
        assertNull(RecordText.utf8(null));
        assertNull(RecordText.of(null));
        assertText("é", "é");
        assertText("-17", -17L);
        assertText("1.5", 1.5);
        assertText("true", true);
        assertText("00000000-0000-0001-0000-000000000002", new UUID(1, 2));
        assertText("{\"a\":[1,null,\"é\"]}", new ObjectMapper().readTree("{ \"a\": [1, null, \"é\"] }"));
    }

    @Test
    void shouldMakeJsonOfAvroAndTextOfProtobuf() throws Exception {
        Schema schema = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Order\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"},"
                        + "{\"name\":\"items\",\"type\":{\"type\":\"array\",\"items\":\"string\"}}]}");
        GenericRecord order = new GenericData.Record(schema);
        order.put("id", 7L);
        order.put("items", List.of("a \"b\"", "c"));
        assertEquals(
                new ObjectMapper().readTree("{\"id\":7,\"items\":[\"a \\\"b\\\"\",\"c\"]}"),
                new ObjectMapper().readTree(RecordText.of(order)));
        Struct struct = Struct.newBuilder()
                .putFields("id", Value.newBuilder().setNumberValue(7).build())
                .build();
        assertText(struct.toString(), struct);
    }

    private static void assertText(String expected, Object deserialized) {
        assertEquals(expected, RecordText.of(deserialized));
        assertArrayEquals(expected.getBytes(UTF_8), RecordText.utf8(deserialized));
    }
}
