package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.source.KafkaSource;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import com.opengrail.kafka.sse.internal.source.OffsetQuestion;
import java.time.Instant;
import java.util.Set;
import org.apache.kafka.common.KafkaException;

/**
 * Asks the brokers for the offsets that a feed needs to start, and waits for the answers, some seconds at most.
 *
 * <p>Threads: the feed's thread alone, since it waits.
 */
final class StartOffsets {
    /** A little more than an answer may take. */
    private static final long ANSWER_SECONDS = 12;

    private final KafkaSource source;

    StartOffsets(KafkaSource source) {
        this.source = source;
    }

    /**
     * The first and last offsets of all partitions that answer.
     *
     * @param undescribed the topics that do not answer
     * @throws KafkaException if none does
     */
    LogOffsets bounds(Layout layout, Set<String> undescribed) {
        return ask(new OffsetQuestion(layout, undescribed, OffsetQuestion.NO_INSTANT));
    }

    /** True if nothing was produced between an instant and a position at the end of the log. */
    boolean isNothingSince(Instant instant, Position latest, Set<String> undescribed) {
        LogOffsets then = ask(new OffsetQuestion(latest.layout(), undescribed, instant.toEpochMilli()))
                .zeroWhereUnknown();
        return latest.isAtOrBefore(new Position(latest.layout(), then.atInstant()));
    }

    private LogOffsets ask(OffsetQuestion question) {
        return KafkaSource.await(
                source.offsets(question), ANSWER_SECONDS, "No answer about the offsets of " + question.layout());
    }
}
