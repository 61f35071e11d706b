package com.opengrail.kafka.sse.internal.position;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.Uuid;

/**
 * Encodes and decodes event ids: the position after an event, as text.
 *
 * <p>For one topic with one partition an id is the offset of the last event in decimal, -1 before the first. Otherwise
 * it is base64url of these bytes: two bits version and six bits <i>width</i>; three bytes digest of the topic names;
 * for each topic, in order of name, three bytes digest of its name and id and the number of its partitions as a varint;
 * then the next offset of each partition in <i>width</i> bits, padded with zeros. Offsets up to 2³⁵ of 16 partitions in
 * up to five topics fit in 128 characters. A browser sends that back across origins without a preflight.
 *
 * <p>Threads: stateless.
 */
public final class PositionCodec {
    /** The longest event id that is given or read. Jetty and Tomcat take 8 KB for all request headers together. */
    public static final int MAX_ID_LENGTH = 4096;

    private static final Pattern OFFSET = Pattern.compile("-1|[0-9]{1,19}");
    private static final int VERSION = 2;
    private static final int WIDTH_BITS = 6;
    private static final int DIGEST_BYTES = 3;

    /** The width that ids are expected to need: offsets up to 2⁴⁰. */
    private static final int EXPECTED_WIDTH = 40;

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private PositionCodec() {}

    /** The event id of a position, which is the offset of the next record in each partition of the layout. */
    public static byte[] encode(Layout layout, long[] next) {
        if (layout.isSinglePartition()) {
            return Long.toString(next[0] - 1).getBytes(ISO_8859_1);
        }
        int width = 1;
        for (long offset : next) {
            width = Math.max(width, Long.SIZE - Long.numberOfLeadingZeros(offset));
        }
        byte[] topics = layout.describedInIds();
        TokenWriter out = new TokenWriter(1 + topics.length + (width * next.length + 7) / 8);
        out.put(VERSION << WIDTH_BITS | width, 8);
        out.put(topics);
        for (long offset : next) {
            out.put(offset, width);
        }
        return BASE64.encode(out.toByteArray());
    }

    /**
     * Reads an event id that a client presents for topics.
     *
     * @param id what the client sent
     * @param topics the names of the topics that it asks for
     * @throws IllegalArgumentException if it is no event id
     */
    public static EventId decode(String id, List<String> topics) {
        if (id.length() > MAX_ID_LENGTH) {
            throw new IllegalArgumentException("is longer than " + MAX_ID_LENGTH + " characters");
        }
        if (OFFSET.matcher(id).matches()) {
            return ofNumber(Offsets.parse(id, -1), topics);
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(id);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(TokenReader.REFUSAL, e);
        }
        EventId decoded = decodeToken(bytes, topics);
        if (!BASE64.encodeToString(bytes).equals(id)) {
            throw new IllegalArgumentException(TokenReader.REFUSAL);
        }
        return decoded;
    }

    /** A number is the offset of the last event in partition 0 of a single topic. It does not say which topic that was. */
    private static EventId ofNumber(long last, List<String> topics) {
        boolean isOfOne = topics.size() == 1;
        int[] digests = isOfOne ? new int[] {digest(topics.get(0) + ',' + Uuid.ZERO_UUID)} : new int[0];
        byte[] next = ByteBuffer.allocate(Long.BYTES).putLong(last + 1).array();
        return new EventId(topics, isOfOne, digests, new int[] {1}, new PackedOffsets(next, 0, Long.SIZE));
    }

    /**
     * The part that all event ids of a layout share: a digest of the topics' names, and a digest and the size of each
     * topic.
     */
    static byte[] describe(Layout layout) {
        int size = DIGEST_BYTES;
        for (Layout.Topic topic : layout.topics()) {
            size += DIGEST_BYTES + TokenWriter.varintBytes(topic.partitions());
        }
        TokenWriter out = new TokenWriter(size);
        List<String> names = layout.topics().stream().map(Layout.Topic::name).toList();
        out.put(namesDigest(names), DIGEST_BYTES * 8);
        for (Layout.Topic topic : layout.topics()) {
            out.put(digest(topic), DIGEST_BYTES * 8);
            out.putVarint(topic.partitions());
        }
        return out.toByteArray();
    }

    private static EventId decodeToken(byte[] bytes, List<String> topics) {
        TokenReader in = new TokenReader(bytes);
        long head = in.get(8);
        int width = (int) (head & (1 << WIDTH_BITS) - 1);
        if (head >> WIDTH_BITS != VERSION || width == 0) {
            throw new IllegalArgumentException(TokenReader.REFUSAL);
        }
        List<String> names = topics.stream().sorted().toList();
        boolean sameTopics = in.get(DIGEST_BYTES * 8) == namesDigest(names);
        List<Integer> digests = new ArrayList<>();
        List<Integer> partitions = new ArrayList<>();
        long total = 0;
        // The number of topics is not stored. The offsets begin where exactly the bytes are left that they need.
        while (in.bytesLeft() > bytes(total * width)) {
            digests.add((int) in.get(DIGEST_BYTES * 8));
            int count = in.getVarint();
            partitions.add(count);
            total += count;
        }
        if (total == 0) {
            throw new IllegalArgumentException(TokenReader.REFUSAL);
        }
        PackedOffsets offsets = new PackedOffsets(bytes, in.requireExactly(total * width), width);
        for (int i = 0; i < total; i++) {
            if (offsets.get(i) == Long.MAX_VALUE) {
                throw new IllegalArgumentException("holds an offset out of range");
            }
        }
        boolean isOfSameTopics = sameTopics && digests.size() == names.size();
        return new EventId(names, isOfSameTopics, toArray(digests), toArray(partitions), offsets);
    }

    private static int[] toArray(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    private static long bytes(long bits) {
        return (bits + 7) / 8;
    }

    /**
     * The length of the event ids of a layout, in characters, at offsets up to 2⁴⁰. Containers refuse request headers
     * with ids that are much longer than {@link #MAX_ID_LENGTH}.
     */
    public static long expectedLength(Layout layout) {
        return 4 * (1 + layout.describedInIds().length + bytes((long) EXPECTED_WIDTH * layout.size())) / 3 + 1;
    }

    /** The digest of the topics' names, which reveals an id of other topics. */
    static int namesDigest(List<String> sortedNames) {
        return digest(String.join(",", sortedNames));
    }

    /** The digest of a topic, which reveals that it was deleted and created anew. */
    static int digest(Layout.Topic topic) {
        return digest(topic.name() + ',' + topic.id());
    }

    private static int digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return (digest[0] & 0xFF) << 16 | (digest[1] & 0xFF) << 8 | digest[2] & 0xFF;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
