package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.position.Relocation;
import com.opengrail.kafka.sse.internal.source.TopicWatch;
import com.opengrail.kafka.sse.internal.window.Batch;
import com.opengrail.kafka.sse.internal.window.Segment;
import com.opengrail.kafka.sse.internal.window.Window;
import java.util.BitSet;
import java.util.List;

/**
 * What a cursor behind the window asks of a replay reader: the batch that follows its position.
 *
 * <p>Threads: belongs to the cursor, except from {@link Replays#serve} to {@link #answer}, when it belongs to the reader. The
 * volatile answer hands it back. {@link #abandon} from anywhere.
 */
public final class Replay {

    /** What the reader found. */
    public sealed interface Answer {}

    /**
     * A batch that continues from the position. It is empty if no records have come yet.
     *
     * @param index the segment in which the client continues
     * @param first that segment, so that the client has it even if the batch is dropped; {@code null} if there is none
     */
    public record Read(Batch batch, int index, Segment first) implements Answer {}

    /** The answer for a client at a position. */
    public static Read read(Batch batch, Position position) {
        int index = batch.indexOf(position);
        return new Read(batch, index, batch.segment(index));
    }

    /** The log has changed at the position: the stream continues elsewhere. */
    public record Moved(Position to, List<Gap> gaps) implements Answer {}

    /** The answer for a client at a position if the topics are others by now. */
    public static Moved moved(Position position, Layout newest) {
        Relocation relocation = Relocation.of(position, newest);
        return new Moved(relocation.position(), relocation.gaps());
    }

    private final TopicWatch topics;
    private final Subscriber client;
    private final Window window;
    private Position position;
    private volatile Answer answer;
    private volatile boolean abandoned;

    Replay(Subscriber client, TopicWatch topics, Window window) {
        this.client = client;
        this.topics = topics;
        this.window = window;
    }

    public TopicWatch topics() {
        return topics;
    }

    public Position position() {
        return position;
    }

    /**
     * True if the feed has read more than the client.
     *
     * @param partitions those that count, if the topics are still the same
     */
    public boolean isBehindIn(BitSet partitions) {
        Position end = window.end().position();
        return end.layout() != position.layout()
                || partitions.stream().anyMatch(i -> end.next()[i] > position.next()[i]);
    }

    /** See {@link Subscriber#payer}. */
    public String payer() {
        return client.payer();
    }

    public boolean isAbandoned() {
        return abandoned;
    }

    void abandon() {
        abandoned = true;
    }

    void ask(Position from) {
        position = from;
        answer = null;
    }

    /** Hands the answer to the cursor. */
    public void answer(Answer found) {
        answer = found;
        client.wake();
    }

    /** The answer, or {@code null} while the reader has the request. */
    Answer answer() {
        return answer;
    }
}
