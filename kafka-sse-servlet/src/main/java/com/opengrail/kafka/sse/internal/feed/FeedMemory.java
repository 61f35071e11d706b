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
 * @param replays what was read for clients behind the window
 */
record FeedMemory(
        Window window, FilterGroups groups, EventNames names, LeaderEpochs epochs, Replays replays, FeedStart started) {

    private static final int PART_FOR_NAMES = 4;

    /** Changes the most memory of the window, and with it that of the names. */
    void limit(long windowBytes) {
        window.limit(windowBytes);
        names.limit(windowBytes / PART_FOR_NAMES);
    }
}
