package com.opengrail.kafka.sse.internal.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** An epoch is named only for the offset up to which its records were read: Kafka would believe another one. */
class LeaderEpochsTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition OTHER = new TopicPartition("orders", 1);

    private final LeaderEpochs epochs = new LeaderEpochs();
    private final RecordingConsumer consumer = new RecordingConsumer();

    /** Tells where it was moved last, and with which epoch. */
    private static final class RecordingConsumer extends MockConsumer<byte[], byte[]> {
        private String moved = "";

        RecordingConsumer() {
            super("none");
            assign(List.of(FIRST, OTHER));
        }

        @Override
        public synchronized void seek(TopicPartition partition, long offset) {
            moved = partition + " at " + offset;
        }

        @Override
        public synchronized void seek(TopicPartition partition, OffsetAndMetadata to) {
            moved = partition + " at " + to.offset() + " epoch "
                    + to.leaderEpoch().orElseThrow();
        }
    }

    private void read(TopicPartition partition, long to, Integer epoch) {
        epochs.read(Map.of(partition, new OffsetAndMetadata(to, Optional.ofNullable(epoch), "")));
    }

    private String seek(TopicPartition partition, long offset) {
        epochs.seek(consumer, partition, offset);
        return consumer.moved;
    }

    @Test
    void shouldNameTheEpochOfTheRecordsReadLast() {
        read(FIRST, 5, 1);
        read(FIRST, 8, 2);
        assertEquals("orders-0 at 8 epoch 2", seek(FIRST, 8));
        assertEquals("orders-0 at 8 epoch 2", seek(FIRST, 8), "as often as it is asked");
    }

    @Test
    void shouldNameNoEpochWhereNothingWasRead() {
        read(FIRST, 8, 2);
        assertEquals("orders-1 at 8", seek(OTHER, 8));
    }

    @Test
    void shouldNameNoEpochBeforeTheRecordsReadLast() {
        read(FIRST, 8, 2);
        assertEquals("orders-0 at 7", seek(FIRST, 7));
        assertEquals("orders-0 at 8", seek(FIRST, 8), "they are to be read again, perhaps from another leader");
    }

    /** A leader elected in between has ended the epoch before that offset: Kafka would take it for a truncation. */
    @Test
    void shouldNameNoEpochPastTheRecordsReadLast() {
        read(FIRST, 8, 2);
        assertEquals("orders-0 at 9", seek(FIRST, 9));
    }

    @Test
    void shouldKeepWhatIsKnownOfOtherPartitions() {
        read(FIRST, 8, 2);
        read(OTHER, 3, 7);
        epochs.forget(FIRST);
        assertEquals("orders-0 at 8", seek(FIRST, 8));
        assertEquals("orders-1 at 3 epoch 7", seek(OTHER, 3));
    }

    @Test
    void shouldNotTakeTheEpochOfEarlierRecordsForThatOfOthers() {
        read(FIRST, 8, 2);
        read(FIRST, 12, null);
        assertEquals("orders-0 at 12", seek(FIRST, 12));
    }
}
