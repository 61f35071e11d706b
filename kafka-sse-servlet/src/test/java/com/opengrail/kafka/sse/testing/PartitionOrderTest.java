package com.opengrail.kafka.sse.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionOrderTest {
    private final PartitionOrder.Counts counts = new PartitionOrder.Counts();
    private final PartitionOrder order = new PartitionOrder(counts);

    @ParameterizedTest
    @CsvSource({
        "p0n0 p1n0 p0n1 p1n1, 0, 0, 0",
        "p0n0 p0n2, 1, 0, 1",
        "p1n3, 3, 0, 1",
        "p0n0 p1n0 p0n0, 0, 1, 1",
        "p0n0 p0n2 p0n1 p0n3, 1, 1, 2",
        "p0n0 p12n0 p12n1 p0n1, 0, 0, 0"
    })
    void shouldCountWhatAPartitionLosesAndRepeats(String records, long lost, long repeated, long faults) {
        long found = Stream.of(records.split(" "))
                .map(this::check)
                .filter(Objects::nonNull)
                .count();
        assertEquals(faults, found);
        assertEquals(lost, counts.lost().sum());
        assertEquals(repeated, counts.repeated().sum());
    }

    private String check(String record) {
        String[] partitionAndNumber = record.substring(1).split("n");
        String value =
                PartitionOrder.value(Integer.parseInt(partitionAndNumber[0]), Long.parseLong(partitionAndNumber[1]));
        byte[] block = ("data: " + value + "\n").getBytes(StandardCharsets.UTF_8);
        SwarmEvent event = new SwarmEvent();
        event.scan(block, 0, block.length);
        return order.event(event);
    }
}
