package com.opengrail.kafka.sse;

import com.opengrail.kafka.sse.internal.client.StreamServer;
import com.opengrail.kafka.sse.internal.feed.Feeds;
import com.opengrail.kafka.sse.internal.metrics.Counters;
import com.opengrail.kafka.sse.internal.replay.ReplayPool;
import com.opengrail.kafka.sse.internal.source.MappingFailures;
import java.util.List;
import java.util.Map;

/** The parts of an engine as operators see them. Threads: safe, as the parts are. */
final class KafkaSseMetrics implements KafkaSseMXBean {
    private final Counters counters;
    private final MappingFailures mappingFailures;
    private final StreamServer server;
    private final Feeds feeds;
    private final ReplayPool replays;

    KafkaSseMetrics(
            Counters counters, MappingFailures mappingFailures, StreamServer server, Feeds feeds, ReplayPool replays) {
        this.counters = counters;
        this.mappingFailures = mappingFailures;
        this.server = server;
        this.feeds = feeds;
        this.replays = replays;
    }

    @Override
    public long getConnections() {
        return server.connections();
    }

    @Override
    public long getLiveConnections() {
        return server.connections(StreamInfo.State.LIVE);
    }

    @Override
    public long getReplayingConnections() {
        return server.connections(StreamInfo.State.REPLAYING);
    }

    @Override
    public long getOpeningConnections() {
        return server.connections(StreamInfo.State.OPENING);
    }

    @Override
    public long getEventsSent() {
        return counters.eventsSent.sum();
    }

    @Override
    public long getBytesSent() {
        return counters.bytesSent.sum();
    }

    @Override
    public StreamLatency getLatency() {
        return counters.latency();
    }

    @Override
    public long getTailRecordsRead() {
        return counters.tailRecords.sum();
    }

    @Override
    public long getReplayRecordsRead() {
        return counters.replayRecords.sum();
    }

    @Override
    public long getMappingErrors() {
        return mappingFailures.count();
    }

    @Override
    public long getGaps() {
        return counters.gaps.sum();
    }

    @Override
    public Map<String, Long> getRefused() {
        return counters.refused();
    }

    @Override
    public long getFeedFailures() {
        return counters.feedFailures.sum();
    }

    @Override
    public long getReplayFailures() {
        return counters.replayFailures.sum();
    }

    @Override
    public long getReplayConsecutiveFailures() {
        return replays.consecutiveFailures();
    }

    @Override
    public String getLastReplayError() {
        return replays.lastError();
    }

    @Override
    public Map<String, Feed> getFeeds() {
        return feeds.statuses();
    }

    @Override
    public List<OpenStream> getStreams() {
        return server.streams().stream()
                .<OpenStream>map(KafkaSseStreamView::new)
                .toList();
    }

    @Override
    public int endStreamsOfUser(String user) {
        if (user == null) {
            throw new IllegalArgumentException("user is null; the name of a user was expected");
        }
        return server.endStreamsOfUser(user);
    }
}
