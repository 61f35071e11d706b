package com.opengrail.kafka.sse.internal.position;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** How a position continues in topics that have changed. */
class RelocationTest {
    private static final Layout BEFORE = layout(new Uuid(1, 1), 2);

    private static Layout layout(Uuid id, int partitions) {
        return new Layout(
                List.of(new Layout.Topic("audit", new Uuid(9, 9), 1), new Layout.Topic("orders", id, partitions)));
    }

    private static Relocation relocate(Layout described) {
        return Relocation.of(new Position(BEFORE, new long[] {7, 20, 0}), described);
    }

    private static Gap recreated(int partition, long from) {
        return new Gap(new TopicPartition("orders", partition), from, 0, Gap.Reason.RECREATED);
    }

    @Test
    void shouldReadAddedPartitionsFromTheirFirstRecord() {
        Relocation relocation = relocate(layout(new Uuid(1, 1), 4));
        assertArrayEquals(new long[] {7, 20, 0, 0, 0}, relocation.position().next());
        assertEquals(List.of(), relocation.gaps());
    }

    /** Who has read nothing of a partition has to know, too, that the log is another one: its offsets mean other records. */
    @Test
    void shouldTellOfEachPartitionThatWasDeletedAndOfNoOther() {
        Relocation relocation = relocate(layout(new Uuid(2, 2), 4));
        assertArrayEquals(new long[] {7, 0, 0, 0, 0}, relocation.position().next());
        assertEquals(List.of(recreated(0, 20), recreated(1, 0)), relocation.gaps());
    }

    @Test
    void shouldTellOfTheLeftPartitionsOfASmallerTopic() {
        Relocation relocation = relocate(layout(new Uuid(2, 2), 1));
        assertArrayEquals(new long[] {7, 0}, relocation.position().next());
        assertEquals(List.of(recreated(0, 20)), relocation.gaps());
    }
}
