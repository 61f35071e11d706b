package com.opengrail.kafka.sse.internal.cursor;

import static com.opengrail.kafka.sse.internal.source.LogOffsets.UNKNOWN;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.opengrail.kafka.sse.internal.position.Gap;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import com.opengrail.kafka.sse.internal.position.PositionCodec;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.source.LogOffsets;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** A client gets what it asks for, or is told what of it is gone. */
class ResumptionTest {
    private static final Uuid ID = new Uuid(1, 2);
    private static final Uuid OTHER_ID = new Uuid(3, 4);
    private static final Layout ORDERS = new Layout(List.of(new Layout.Topic("orders", ID, 2)));

    /** Both partitions have the offsets from 10 to 19. */
    private static final LogOffsets KNOWN = offsets(ORDERS, 10, 20);

    private static LogOffsets offsets(Layout layout, long earliest, long latest) {
        long[] first = new long[layout.size()];
        long[] end = new long[layout.size()];
        for (int i = 0; i < layout.size(); i++) {
            first[i] = earliest;
            end[i] = latest;
        }
        return new LogOffsets(layout, first, end, new long[0]);
    }

    private static LogOffsets ofOrders(long[] earliest, long[] latest) {
        return new LogOffsets(ORDERS, earliest, latest, new long[0]);
    }

    private static long[] of(long... offsets) {
        return offsets;
    }

    /** The start after an id that was given at a position. */
    private static Start after(Layout then, Layout now, long... next) {
        String id = new String(new Position(then, next).id(), StandardCharsets.US_ASCII);
        return new Start.After(PositionCodec.decode(
                id, now.topics().stream().map(Layout.Topic::name).toList()));
    }

    private static void assertStarts(Start start, LogOffsets offsets, long[] next, Gap... gaps) {
        Resumption found = Resumption.of(start, offsets);
        assertNotNull(found, "all that is needed is known");
        assertArrayEquals(next, found.position().next());
        assertEquals(List.of(gaps), found.gaps());
    }

    private static Gap gap(int partition, long from, long to, Gap.Reason reason) {
        return new Gap(new TopicPartition("orders", partition), from, to, reason);
    }

    @Test
    void shouldStartAtTheEndsOfTheLog() {
        assertStarts(new Start.Earliest(), KNOWN, of(10, 10));
        assertStarts(new Start.Latest(), KNOWN, of(20, 20));
        assertStarts(new Start.UnknownId(), KNOWN, of(20, 20), Gap.UNKNOWN_ID);
    }

    @Test
    void shouldNeedOnlyTheOffsetsThatTheStartIsAbout() {
        LogOffsets noEnd = ofOrders(of(10, 10), of(20, UNKNOWN));
        assertStarts(new Start.Earliest(), noEnd, of(10, 10));
        assertNull(Resumption.of(new Start.Latest(), noEnd));
        assertNull(Resumption.of(new Start.BeforeEnd(3), noEnd));
        LogOffsets noBeginning = ofOrders(of(10, UNKNOWN), of(20, 20));
        assertStarts(new Start.Latest(), noBeginning, of(20, 20));
        assertNull(Resumption.of(new Start.Earliest(), noBeginning));
        assertNull(Resumption.of(new Start.BeforeEnd(3), noBeginning));
    }

    @Test
    void shouldStartAtAnOffsetThatIsThere() {
        assertStarts(new Start.AtOffset(10), KNOWN, of(10, 10));
        assertStarts(new Start.AtOffset(15), KNOWN, of(15, 15));
        assertStarts(new Start.AtOffset(20), KNOWN, of(20, 20));
    }

    @Test
    void shouldTellOfRecordsThatAreGone() {
        assertStarts(
                new Start.AtOffset(9), ofOrders(of(10, 0), of(20, 20)), of(10, 9), gap(0, 9, 10, Gap.Reason.RETENTION));
    }

    @Test
    void shouldStartOverPastTheEndOfALogThatWasLonger() {
        assertStarts(
                new Start.AtOffset(21),
                ofOrders(of(10, 10), of(20, 21)),
                of(10, 21),
                gap(0, 21, 10, Gap.Reason.TRUNCATED));
    }

    @Test
    void shouldStartWhereItIsAskedToWithoutAnAnswer() {
        assertStarts(new Start.AtOffset(15), ofOrders(of(UNKNOWN, 16), of(14, UNKNOWN)), of(15, 15));
    }

    @Test
    void shouldStartAtTheEndOfPartitionsThatAreNotNamed() {
        Start start = new Start.AtOffsets(Map.of(1, 5L));
        assertStarts(start, KNOWN, of(20, 10), gap(1, 5, 10, Gap.Reason.RETENTION));
        assertNull(Resumption.of(start, ofOrders(of(10, 10), of(UNKNOWN, 20))));
        assertStarts(start, ofOrders(of(10, UNKNOWN), of(20, UNKNOWN)), of(20, 5));
    }

    @Test
    void shouldStartSoManyRecordsBeforeTheEnd() {
        assertStarts(new Start.BeforeEnd(3), KNOWN, of(17, 17));
        assertStarts(new Start.BeforeEnd(0), KNOWN, of(20, 20));
        assertStarts(new Start.BeforeEnd(11), KNOWN, of(10, 10));
        assertStarts(new Start.BeforeEnd(Long.MAX_VALUE), KNOWN, of(10, 10));
    }

    @Test
    void shouldStartAtTheRecordsOfAnInstant() {
        Start start = new Start.Since(Instant.EPOCH);
        assertStarts(start, new LogOffsets(ORDERS, of(10, 10), of(20, 20), of(12, 20)), of(12, 20));
        assertNull(Resumption.of(start, new LogOffsets(ORDERS, of(10, 10), of(20, 20), of(12, UNKNOWN))));
    }

    @Test
    void shouldStartAtTheFirstRecordOfATopicThatDidNotExistWhenTheStreamWasOpened() {
        LogOffsets known = new LogOffsets(ORDERS, of(10, 10), of(20, 20), of(20, 20));
        Start.Since then = new Start.Since(Instant.EPOCH);
        assertStarts(new Start.OpenedAt(new Start.Latest(), then, Set.of("orders")), known, of(10, 10));
        assertStarts(new Start.OpenedAt(new Start.BeforeEnd(3), then, Set.of("orders")), known, of(10, 10));
        assertStarts(new Start.OpenedAt(new Start.Latest(), then, Set.of("others")), known, of(20, 20));
    }

    /** The stream of such a client is open already, so what came since is new to it. */
    @Test
    void shouldTakeForTheEndWhereTheLogEndedWhenTheStreamWasOpened() {
        LogOffsets known = new LogOffsets(ORDERS, of(10, 10), of(20, 20), of(12, 20));
        Start.Since then = new Start.Since(Instant.EPOCH);
        assertStarts(new Start.OpenedAt(new Start.Latest(), then, Set.of()), known, of(12, 20));
        assertStarts(new Start.OpenedAt(new Start.UnknownId(), then, Set.of()), known, of(12, 20), Gap.UNKNOWN_ID);
        assertStarts(new Start.OpenedAt(new Start.AtOffsets(Map.of(1, 15L)), then, Set.of()), known, of(12, 15));
        assertStarts(new Start.OpenedAt(new Start.AtOffsets(Map.of(0, 15L)), then, Set.of()), known, of(15, 20));
        assertStarts(new Start.OpenedAt(new Start.BeforeEnd(1), then, Set.of()), known, of(11, 19));
        assertStarts(new Start.OpenedAt(new Start.Earliest(), then, Set.of()), known, of(10, 10));
        assertNull(Resumption.of(
                new Start.OpenedAt(new Start.UnknownId(), then, Set.of()),
                new LogOffsets(ORDERS, of(10, 10), of(20, 20), of(12, UNKNOWN))));
    }

    /** What belongs to an open transaction has been written: it is neither gone nor to be had yet. */
    @Test
    void shouldNotTakeRecordsOfAnOpenTransactionForATruncatedLog() {
        LogOffsets open = new LogOffsets(ORDERS, of(10, 10), of(20, 20), of(), of(30, 20));
        assertStarts(after(ORDERS, ORDERS, 30, 20), open, of(30, 20));
        assertStarts(new Start.AtOffset(20), open, of(20, 20));
        assertStarts(after(ORDERS, ORDERS, 31, 20), open, of(10, 20), gap(0, 31, 10, Gap.Reason.TRUNCATED));
        LogOffsets unknown = new LogOffsets(ORDERS, of(10, 10), of(20, 20), of(), of(UNKNOWN, 20));
        assertStarts(after(ORDERS, ORDERS, 25, 20), unknown, of(25, 20));
        LogOffsets older = new LogOffsets(ORDERS, of(10, 10), of(20, 20), of(), of(15, 20));
        assertStarts(after(ORDERS, ORDERS, 18, 20), older, of(18, 20));
    }

    @Test
    void shouldResumeAfterAnId() {
        assertStarts(after(ORDERS, ORDERS, 12, 20), KNOWN, of(12, 20));
        assertStarts(after(ORDERS, ORDERS, 0, 20), KNOWN, of(10, 20), gap(0, 0, 10, Gap.Reason.RETENTION));
        assertStarts(
                after(ORDERS, ORDERS, 5, 30),
                KNOWN,
                of(10, 10),
                gap(0, 5, 10, Gap.Reason.RETENTION),
                gap(1, 30, 10, Gap.Reason.TRUNCATED));
    }

    @Test
    void shouldResumeAfterThePlainOffsetOfALonePartition() {
        Layout one = new Layout(List.of(new Layout.Topic("orders", ID, 1)));
        Start start = new Start.After(PositionCodec.decode("14", List.of("orders")));
        assertStarts(start, offsets(one, 10, 20), of(15));
        assertStarts(start, KNOWN, of(15, 10));
    }

    @Test
    void shouldReadAddedPartitionsFromTheirFirstRecord() {
        Layout one = new Layout(List.of(new Layout.Topic("orders", ID, 1)));
        Layout three = new Layout(List.of(new Layout.Topic("orders", ID, 3)));
        assertStarts(after(ORDERS, three, 12, 13), offsets(three, 10, 20), of(12, 13, 10));
        assertStarts(after(one, ORDERS, 12), KNOWN, of(12, 10));
        assertNull(Resumption.of(after(one, ORDERS, 12), ofOrders(of(10, UNKNOWN), of(20, 20))));
    }

    @Test
    void shouldReadATopicThatWasCreatedAnewFromItsFirstRecord() {
        Layout anew = new Layout(List.of(new Layout.Topic("orders", OTHER_ID, 2)));
        assertStarts(
                after(ORDERS, anew, 12, 15),
                new LogOffsets(anew, of(0, 3), of(20, 20), new long[0]),
                of(0, 3),
                gap(0, 12, 0, Gap.Reason.RECREATED),
                gap(1, 15, 3, Gap.Reason.RECREATED));
        Layout larger = new Layout(List.of(new Layout.Topic("orders", OTHER_ID, 3)));
        assertStarts(
                after(ORDERS, larger, 12, 15),
                new LogOffsets(larger, of(0, 3, 2), of(20, 20, 20), new long[0]),
                of(0, 3, 2),
                gap(0, 12, 0, Gap.Reason.RECREATED),
                gap(1, 15, 3, Gap.Reason.RECREATED));
        assertStarts(
                after(ORDERS, anew, 12, 15),
                offsets(anew, UNKNOWN, UNKNOWN),
                of(0, 0),
                gap(0, 12, 0, Gap.Reason.RECREATED),
                gap(1, 15, 0, Gap.Reason.RECREATED));
    }

    @Test
    void shouldBelieveBrokersThatTellNoIds() {
        Layout withoutId = new Layout(List.of(new Layout.Topic("orders", Uuid.ZERO_UUID, 2)));
        assertStarts(after(ORDERS, withoutId, 12, 15), offsets(withoutId, 10, 20), of(12, 15));
        assertStarts(after(withoutId, ORDERS, 12, 15), KNOWN, of(12, 15));
    }

    @Test
    void shouldTellThatTheTopicsAreOthers() {
        Layout more = new Layout(List.of(new Layout.Topic("audit", OTHER_ID, 1), new Layout.Topic("orders", ID, 2)));
        assertStarts(after(ORDERS, more, 12, 15), offsets(more, 10, 20), of(20, 12, 15), Gap.TOPICS);
        assertStarts(after(more, ORDERS, 11, 12, 15), KNOWN, of(12, 15), Gap.TOPICS);
    }

    @Test
    void shouldStartAtTheEndAfterAnIdOfOtherTopics() {
        Layout other = new Layout(List.of(new Layout.Topic("audit", OTHER_ID, 2)));
        assertStarts(after(other, ORDERS, 12, 15), KNOWN, of(20, 20), Gap.TOPICS);
        Start plain = new Start.After(PositionCodec.decode("14", List.of("audit", "orders")));
        Layout both = new Layout(List.of(new Layout.Topic("audit", OTHER_ID, 1), new Layout.Topic("orders", ID, 1)));
        assertStarts(plain, offsets(both, 10, 20), of(20, 20), Gap.TOPICS);
    }
}
