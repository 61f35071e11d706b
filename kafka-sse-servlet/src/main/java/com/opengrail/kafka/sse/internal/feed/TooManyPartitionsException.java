package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.PositionCodec;
import org.apache.kafka.common.errors.InvalidConfigurationException;

/** Topics whose event ids could be longer than headers may be. */
final class TooManyPartitionsException extends InvalidConfigurationException {
    private static final long serialVersionUID = 1L;

    TooManyPartitionsException(int partitions) {
        super("The topics have too many partitions: " + partitions + ", of which an event id would have more than "
                + PositionCodec.MAX_ID_LENGTH + " characters");
    }
}
