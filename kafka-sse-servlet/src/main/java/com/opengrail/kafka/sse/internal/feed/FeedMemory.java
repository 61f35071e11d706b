package com.opengrail.kafka.sse.internal.feed;

import com.opengrail.kafka.sse.internal.cursor.FeedStart;
import com.opengrail.kafka.sse.internal.cursor.Replays;
import com.opengrail.kafka.sse.internal.match.FilterGroups;
import com.opengrail.kafka.sse.internal.source.LeaderEpochs;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.Window;

/**
 * What a feed keeps when a tail fails and another continues.
 *
 * <p>Threads: the epochs and names are the feed's thread's; the others as they say.
 *
 * @param window the recent frames
 * @param groups the filters of the clients
 * @param names the event names seen lately
 * @param epochs the leader epochs of what was read last
 * @param replays what was read for clients behind the window
 * @param started what was known when the feed started
 */
record FeedMemory(
        Window window,
        FilterGroups groups,
        EventNames names,
        LeaderEpochs epochs,
        Replays replays,
        FeedStart started) {}
