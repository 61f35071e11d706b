package com.opengrail.kafka.sse.internal.position;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.Uuid;

/**
 * Event ids: the position after an event as text.
 *
 * <p>One topic with one partition: the offset of the last event, in decimal, -1 before the first. Otherwise base64url
 * of these bytes: two bits version and six bits width; three bytes digest of the topic names; for each topic, in order
 * of name, three bytes digest of its id and the number of its partitions as a varint; then the next offset of each
 * partition in <i>width</i> bits, padded with zeros. Offsets up to 2³⁵ of 16 partitions fit in 128 characters for up to
 * five topics, which a browser sends back as a header across origins without a preflight.
 *
 * <p>Threads: stateless.
 */
public final class PositionCodec {
    /** The longest event id that is looked at: what fits in the request headers that containers accept by default. */
    public static final int MAX_ID_LENGTH = 8192;

    private static final Pattern OFFSET = Pattern.compile("-1|[0-9]{1,19}");
    private static final int VERSION = 1;
    private static final int WIDTH_BITS = 6;
    private static final int DIGEST_BYTES = 3;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private PositionCodec() {}

    /** The event id of a position: for each partition of the layout the offset of the next record. */
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
     * @throws IllegalArgumentException if it is no event id, or one of other topics, saying which
     */
    public static EventId decode(String id, List<String> topics) {
        if (id.length() > MAX_ID_LENGTH) {
            throw new IllegalArgumentException("is longer than " + MAX_ID_LENGTH + " characters");
        }
        if (OFFSET.matcher(id).matches()) {
            return new EventId.Offset(topics, decodeOffset(id, topics));
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(id);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is no event id of this server", e);
        }
        EventId.Vector vector = decodeToken(id, new TokenReader(bytes), topics);
        if (!BASE64.encodeToString(bytes).equals(id)) {
            throw new IllegalArgumentException("is no event id of this server");
        }
        return vector;
    }

    /** What is the same in all event ids of a layout: the digest of the topics' names, of the id of each, and its size. */
    static byte[] describe(Layout layout) {
        int size = DIGEST_BYTES;
        for (Layout.Topic topic : layout.topics()) {
            size += DIGEST_BYTES + TokenWriter.varintBytes(topic.partitions());
        }
        TokenWriter out = new TokenWriter(size);
        List<String> names = layout.topics().stream().map(Layout.Topic::name).toList();
        out.put(Layout.namesDigest(names), DIGEST_BYTES * 8);
        for (Layout.Topic topic : layout.topics()) {
            out.put(idDigest(topic.id()), DIGEST_BYTES * 8);
            out.putVarint(topic.partitions());
        }
        return out.toByteArray();
    }

    private static long decodeOffset(String id, List<String> topics) {
        if (topics.size() > 1) {
            throw new IllegalArgumentException("is a single offset, but the stream is of " + topics.size() + " topics");
        }
        return Offsets.parse(id, -1);
    }

    private static EventId.Vector decodeToken(String id, TokenReader in, List<String> topics) {
        long head = in.get(8);
        int width = (int) (head & (1 << WIDTH_BITS) - 1);
        if (head >> WIDTH_BITS != VERSION || width == 0) {
            throw new IllegalArgumentException("is no event id of this server");
        }
        List<String> names = topics.stream().sorted().toList();
        if (in.get(DIGEST_BYTES * 8) != Layout.namesDigest(names)) {
            throw new IllegalArgumentException("belongs to other topics than " + String.join(",", names));
        }
        int[] idDigests = new int[names.size()];
        int[] partitions = new int[names.size()];
        long total = 0;
        for (int i = 0; i < names.size(); i++) {
            idDigests[i] = (int) in.get(DIGEST_BYTES * 8);
            partitions[i] = in.getVarint();
            if (partitions[i] == 0) {
                throw new IllegalArgumentException("is no event id of this server");
            }
            total += partitions[i];
        }
        in.requireExactly(total * width);
        List<long[]> next = new ArrayList<>();
        for (int count : partitions) {
            long[] offsets = new long[count];
            for (int p = 0; p < count; p++) {
                offsets[p] = in.get(width);
                if (offsets[p] == Long.MAX_VALUE) {
                    throw new IllegalArgumentException("holds an offset out of range");
                }
            }
            next.add(offsets);
        }
        return new EventId.Vector(id, names, idDigests, next);
    }

    /** What an event id keeps of a topic's id, to notice that the topic was deleted and created anew. */
    static int idDigest(Uuid id) {
        long mixed = (id.getMostSignificantBits() * 31 + id.getLeastSignificantBits()) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> Long.SIZE - DIGEST_BYTES * 8);
    }
}
