package com.opengrail.kafka.sse.internal.position;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.opengrail.kafka.sse.testing.Executions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.common.Uuid;

/** Any event id is refused with a reason, or names a position that comes back from an id of our own. */
class PositionCodecFuzz {
    private static final Executions EXECUTIONS = Executions.of(PositionCodecFuzz.class);
    private static final List<String> ORDERS = List.of("orders");
    private static final List<String> SEVERAL = List.of("customers", "orders", "shop.returns");

    @FuzzTest
    void shouldRefuseAnIdOrUnderstandIt(byte[] input) {
        EXECUTIONS.add(input);
        String text = new String(input, UTF_8);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(input);
        for (List<String> topics : List.of(ORDERS, SEVERAL)) {
            decode(text, topics);
            decode(token, topics);
            decode(withDigestOf(topics, input), topics);
        }
    }

    /** A token that gets as far as what follows the digest of the names, which no change of bytes would find. */
    private static String withDigestOf(List<String> topics, byte[] input) {
        byte[] token = Arrays.copyOf(input, Math.max(4, input.length));
        int digest = PositionCodec.namesDigest(topics);
        token[1] = (byte) (digest >> 16);
        token[2] = (byte) (digest >> 8);
        token[3] = (byte) digest;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    private static void decode(String id, List<String> topics) {
        EventId decoded;
        try {
            decoded = PositionCodec.decode(id, topics);
        } catch (IllegalArgumentException e) {
            assertFalse(e.getMessage().isBlank());
            return;
        }
        assertTrue(id.length() <= PositionCodec.MAX_ID_LENGTH && id.matches("[A-Za-z0-9_-]+"), id);
        if (!decoded.isOfSameTopics()) {
            return;
        }
        List<Layout.Topic> described = new ArrayList<>();
        for (String topic : topics) {
            Layout.Topic named = new Layout.Topic(topic, Uuid.ZERO_UUID, 1);
            assertTrue(decoded.names(named), id);
            described.add(new Layout.Topic(topic, Uuid.ZERO_UUID, decoded.partitions(named)));
        }
        Layout layout = new Layout(described);
        long[] next = layout.partitions().stream()
                .mapToLong(partition -> decoded.next(layout.topic(partition.topic()), partition.partition()))
                .toArray();
        assertTrue(Arrays.stream(next).allMatch(offset -> offset >= 0), id);
        String again = new String(PositionCodec.encode(layout, next), ISO_8859_1);
        EventId same = PositionCodec.decode(again, topics);
        assertTrue(decoded.isWithin(layout) && same.isWithin(layout), id);
        for (int i = 0; i < next.length; i++) {
            var partition = layout.partitions().get(i);
            assertEquals(next[i], same.next(layout.topic(partition.topic()), partition.partition()), id);
        }
    }
}
