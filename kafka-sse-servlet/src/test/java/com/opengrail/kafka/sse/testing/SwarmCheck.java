package com.opengrail.kafka.sse.testing;

/**
 * What every event of one connection is held against.
 *
 * <p>Threads: called by the one selector thread of its connection.
 */
public interface SwarmCheck {

    /** What is wrong with this event after those before it; null where nothing is. Copy what has to outlive the call. */
    String event(SwarmEvent event);

    /** Takes everything. */
    static SwarmCheck none() {
        return event -> null;
    }

    /** The data begins with a decimal number that is one more than that of the event before; the first is free. */
    static SwarmCheck sequence() {
        return new Sequence(-1);
    }

    /** The same, with the number that the first event has to have. */
    static SwarmCheck sequenceFrom(long first) {
        return new Sequence(first);
    }

    /** Names the kind of a break, since a lost event and a repeated one have different causes. */
    final class Sequence implements SwarmCheck {

        private long expected;

        private Sequence(long first) {
            this.expected = first;
        }

        @Override
        public String event(SwarmEvent event) {
            long number = event.leadingNumber();
            long before = expected;
            if (number < 0) {
                return "no number in \"" + event.data() + "\"";
            }
            expected = Math.max(expected, number + 1);
            if (before < 0 || number == before) {
                return null;
            }
            return number > before
                    ? "lost " + before + " to " + (number - 1) + ", got " + number
                    : "repeated or late " + number + ", expected " + before;
        }
    }
}
