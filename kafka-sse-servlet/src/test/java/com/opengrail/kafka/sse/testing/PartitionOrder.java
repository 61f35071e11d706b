package com.opengrail.kafka.sse.testing;

import java.util.concurrent.atomic.LongAdder;

/**
 * What one client has to get: the numbers of each partition from 0 on, each once, in order. A record's value begins with its
 * number times {@value #PARTITIONS} plus its partition.
 *
 * <p>Threads: as {@link SwarmCheck}; the counts may be asked by any.
 */
public final class PartitionOrder implements SwarmCheck {
    /** More than there ever are. */
    public static final int PARTITIONS = 100;

    private final long[] expected = new long[PARTITIONS];
    private final Counts counts;

    public PartitionOrder(Counts counts) {
        this.counts = counts;
    }

    /** The value of a record, which is followed by something to make it longer. */
    public static String value(int partition, long number) {
        return number * PARTITIONS + partition + " is the number of " + partition;
    }

    /** Of all clients together. */
    public record Counts(LongAdder lost, LongAdder repeated) {
        public Counts() {
            this(new LongAdder(), new LongAdder());
        }
    }

    @Override
    public String event(SwarmEvent event) {
        long value = event.leadingNumber();
        if (value < 0) {
            return "no number in \"" + event.data() + "\"";
        }
        int partition = (int) (value % PARTITIONS);
        long number = value / PARTITIONS;
        long wanted = expected[partition];
        expected[partition] = Math.max(wanted, number + 1);
        if (number > wanted) {
            counts.lost().add(number - wanted);
        } else if (number < wanted) {
            counts.repeated().increment();
        }
        return number == wanted ? null : "partition " + partition + ": got " + number + ", expected " + wanted;
    }
}
