package com.opengrail.kafka.sse.internal.position;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PositionCodecTest {
    private static final Uuid SOME_ID = new Uuid(17, 4711);

    @ParameterizedTest
    @CsvSource({"0,-1", "1,0", "557,556", "9223372036854775807,9223372036854775806"})
    void shouldBeTheOffsetOfTheLastEventForOneTopicWithOnePartition(long next, String id) {
        assertEquals(id, encode(layout(topic("orders", 1)), next));
        assertEquals(
                next == Long.MAX_VALUE ? Long.MAX_VALUE : next,
                PositionCodec.decode(id, List.of("orders")).next(topic("orders", 1), 0));
    }

    @Test
    void shouldMeanPartitionZeroWhenABareNumberIsGivenForSeveralPartitions() {
        EventId id = PositionCodec.decode("41", List.of("orders"));
        assertEquals(42, id.next(topic("orders", 1), 0));
        assertEquals(-1, id.next(topic("orders", 2), 1));
    }

    @Test
    void shouldComeBackFromItsTokenForAnyTopicsAndOffsets() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            Layout layout = randomLayout(random);
            long[] next = randomOffsets(random, layout.size());
            String id = encode(layout, next);
            EventId decoded = PositionCodec.decode(id, names(layout));
            for (int i = 0; i < next.length; i++) {
                var partition = layout.partitions().get(i);
                assertEquals(
                        next[i], decoded.next(layout.topic(partition.topic()), partition.partition()), "seed " + seed);
            }
            assertTrue(layout.topics().stream().allMatch(decoded::isOf), "seed " + seed);
        }
    }

    @Test
    void shouldFitIn128CharactersForSixteenPartitionsAtOffsetsUpTo2To35() {
        long[] next = new long[16];
        Arrays.fill(next, (1L << 35) + 1);
        assertTrue(encode(layout(topic("orders", 16)), next).length() <= 128);
        Layout five = layout(topic("a", 4), topic("b", 3), topic("c", 3), topic("d", 3), topic("e", 3));
        assertTrue(encode(five, next).length() <= 128, () -> encode(five, next));
    }

    @Test
    void shouldNotLookLikeAnOffset() {
        assertTrue(encode(layout(topic("orders", 2)), 0, 0).matches("[A-Za-z][A-Za-z0-9_-]*"));
    }

    @Test
    void shouldTellThatATopicWasCreatedAnew() {
        String id = encode(layout(topic("orders", 2)), 5, 6);
        EventId decoded = PositionCodec.decode(id, List.of("orders"));
        assertFalse(decoded.isOf(new Layout.Topic("orders", new Uuid(17, 4712), 2)));
    }

    @Test
    void shouldTakeATopicForTheSameWhereOldBrokersTellNoIdOrToldNone() {
        Layout.Topic withoutId = new Layout.Topic("orders", Uuid.ZERO_UUID, 2);
        EventId givenBefore = PositionCodec.decode(encode(layout(withoutId), 5, 6), List.of("orders"));
        assertTrue(givenBefore.isOf(topic("orders", 2)));
        EventId givenSince = PositionCodec.decode(encode(layout(topic("orders", 2)), 5, 6), List.of("orders"));
        assertTrue(givenSince.isOf(withoutId));
    }

    @Test
    void shouldKnowTheTopicsThatItSharesWithARequestForOthers() {
        String id = encode(layout(topic("a", 2), topic("b", 1)), 5, 6, 7);
        EventId decoded = PositionCodec.decode(id, List.of("b", "c"));
        assertFalse(decoded.isOfSameTopics());
        assertEquals(7, decoded.next(topic("b", 1), 0));
        assertFalse(decoded.names(topic("c", 1)));
        assertEquals(-1, decoded.next(topic("c", 1), 0));
    }

    @Test
    void shouldNotKnowTheTopicOfASingleOffsetInARequestForSeveral() {
        EventId decoded = PositionCodec.decode("5", List.of("a", "b"));
        assertFalse(decoded.isOfSameTopics());
        assertFalse(decoded.names(topic("a", 1)));
    }

    @Test
    void shouldExpectLongerIdsThanContainersTakeOfManyPartitions() {
        assertTrue(PositionCodec.expectedLength(layout(topic("orders", 500))) <= PositionCodec.MAX_ID_LENGTH);
        assertTrue(PositionCodec.expectedLength(layout(topic("orders", 700))) > PositionCodec.MAX_ID_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-2", "+1", "1 ", "x", "=", "9223372036854775807", "99999999999999999999", "QQ", "äöü"})
    void shouldRefuseWhatIsNoEventId(String id) {
        assertThrows(IllegalArgumentException.class, () -> PositionCodec.decode(id, List.of("orders")));
    }

    @Test
    void shouldRefuseEveryTokenThatIsNotTheOneItWouldGive() {
        Layout layout = layout(topic("orders", 3));
        byte[] bytes = Base64.getUrlDecoder().decode(encode(layout, 5, 6, 7));
        for (int length = 0; length <= bytes.length + 1; length++) {
            if (length != bytes.length) {
                String cut = base64(Arrays.copyOf(bytes, length));
                assertThrows(IllegalArgumentException.class, () -> PositionCodec.decode(cut, List.of("orders")));
            }
        }
        byte[] padded = bytes.clone();
        padded[padded.length - 1] |= 1;
        assertThrows(IllegalArgumentException.class, () -> PositionCodec.decode(base64(padded), List.of("orders")));
    }

    /** The first of several topics to exist may have one partition: a plain offset would not say of which topics it is. */
    @Test
    void shouldNameATopicThatHasNotExistedYet() {
        Layout.Topic customers = topic("customers", 1);
        for (String name : List.of("audit", "orders")) {
            Layout.Topic absent = new Layout.Topic(name, Uuid.ZERO_UUID, 0);
            Layout layout = layout(customers, absent);
            EventId id = PositionCodec.decode(encode(layout, 5), List.of("customers", name));
            assertTrue(id.isOfSameTopics());
            assertTrue(id.isWithin(layout));
            assertEquals(5, id.next(customers, 0));
            assertEquals(-1, id.next(topic(name, 2), 0), "all of the topic is new");
            assertTrue(id.isOf(topic(name, 2)), "it was not created anew");
        }
    }

    /** A stranger can send such ids, each of which stays as long as its stream. */
    @Test
    void shouldTakeLittleMemoryForAnIdOfManyPartitions() {
        String id = encode(layout(topic("orders", 24_400)), new long[24_400]);
        assertTrue(id.length() > PositionCodec.MAX_ID_LENGTH - 100 && id.length() <= PositionCodec.MAX_ID_LENGTH, id);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        PositionCodec.decode(id, List.of("orders"));
        long before = threads.getCurrentThreadAllocatedBytes();
        EventId decoded = PositionCodec.decode(id, List.of("orders"));
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(0, decoded.next(topic("orders", 24_400), 24_399));
        assertTrue(allocated < 16 * PositionCodec.MAX_ID_LENGTH, allocated + " bytes");
    }

    /** Names and ids of a request's topics are not compared anew with each that an id has. */
    @Test
    void shouldFindItsWayInAnIdOfManyTopics() {
        Layout.Topic[] topics = new Layout.Topic[750];
        for (int i = 0; i < topics.length; i++) {
            topics[i] = topic("topic-" + i, i == 0 ? 1 : 0);
        }
        EventId id = PositionCodec.decode(encode(layout(topics), 7), List.of("orders"));
        assertTimeoutPreemptively(Duration.ofSeconds(2), () -> {
            for (int partition = 0; partition < 20_000; partition++) {
                assertEquals(-1, id.next(topic("orders", 20_000), partition));
            }
        });
    }

    @Test
    void shouldRefuseATokenWithoutPartitions() {
        String id = encode(layout(topic("customers", 0), topic("orders", 0)));
        assertThrows(IllegalArgumentException.class, () -> PositionCodec.decode(id, List.of("customers", "orders")));
    }

    @Test
    void shouldDecodeOrRefuseAnyBytes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        byte[] valid = Base64.getUrlDecoder().decode(encode(layout(topic("orders", 3)), 5, 6, 7));
        for (int round = 0; round < 50_000; round++) {
            byte[] bytes = valid.clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            String id = base64(bytes);
            try {
                PositionCodec.decode(id, List.of("orders"));
            } catch (IllegalArgumentException e) {
                assertFalse(e.getMessage().isBlank(), "seed " + seed);
            }
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String encode(Layout layout, long... next) {
        return new String(PositionCodec.encode(layout, next), ISO_8859_1);
    }

    private static Layout.Topic topic(String name, int partitions) {
        return new Layout.Topic(name, SOME_ID, partitions);
    }

    private static Layout layout(Layout.Topic... topics) {
        return new Layout(List.of(topics));
    }

    private static List<String> names(Layout layout) {
        return layout.topics().stream().map(Layout.Topic::name).toList();
    }

    private static Layout randomLayout(Random random) {
        List<Layout.Topic> topics = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            Uuid id = new Uuid(random.nextLong(), random.nextLong());
            topics.add(new Layout.Topic("topic-" + i, id, 1 + random.nextInt(i == 0 ? 200 : 5)));
        }
        return new Layout(topics);
    }

    private static long[] randomOffsets(Random random, int size) {
        long[] offsets = new long[size];
        for (int i = 0; i < size; i++) {
            offsets[i] = random.nextLong() >>> 1 + random.nextInt(63);
        }
        return offsets;
    }
}
