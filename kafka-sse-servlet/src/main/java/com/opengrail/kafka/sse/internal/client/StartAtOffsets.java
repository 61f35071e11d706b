package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.position.Offsets;
import com.opengrail.kafka.sse.internal.position.Start;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parses the parameter {@code offset} with offsets of single partitions. */
final class StartAtOffsets {
    private static final int MAX_CHARACTERS = 8192;

    private StartAtOffsets() {}

    static Start parse(String offsets, List<String> topics) {
        if (topics.size() > 1) {
            throw new IllegalArgumentException("names partitions, which is not possible for several topics");
        }
        if (offsets.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException("is longer than " + MAX_CHARACTERS + " characters");
        }
        Map<Integer, Long> parsed = new HashMap<>();
        for (String pair : offsets.split(",", -1)) {
            String[] parts = pair.split(":", -1);
            if (parts.length != 2 || !parts[0].matches("[0-9]{1,9}")) {
                throw new IllegalArgumentException("is not a list of partition:offset pairs");
            }
            if (parsed.put(Integer.valueOf(parts[0]), Offsets.parse(parts[1], 0)) != null) {
                throw new IllegalArgumentException("names partition " + parts[0] + " twice");
            }
        }
        return new Start.AtOffsets(Map.copyOf(parsed));
    }
}
