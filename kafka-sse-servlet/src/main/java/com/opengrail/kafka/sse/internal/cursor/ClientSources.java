package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.source.OffsetLookups;

/** Who asks the brokers for clients that the window alone cannot serve. */
public record ClientSources(Replays replays, OffsetLookups lookups) {}
