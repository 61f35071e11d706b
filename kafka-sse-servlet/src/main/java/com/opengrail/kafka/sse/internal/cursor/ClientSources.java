package com.opengrail.kafka.sse.internal.cursor;

import com.opengrail.kafka.sse.internal.source.OffsetLookups;

/**
 * Who asks the brokers for clients that the window alone cannot serve.
 *
 * @param replays reads older records
 * @param lookups asks for offsets
 */
public record ClientSources(Replays replays, OffsetLookups lookups) {}
