package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.access.ConnectionLimits;
import com.opengrail.kafka.sse.internal.request.Cors;
import com.opengrail.kafka.sse.internal.request.RequestRules;

/**
 * The settings that a stream server needs.
 *
 * @param name the beginning of its threads' names
 * @param writerThreads the number of threads that write to clients
 * @param gzip true if clients that accept gzip get the stream compressed
 */
public record ServerOptions(
        String name,
        int writerThreads,
        boolean gzip,
        ConnectionLimits limits,
        ClientOptions clients,
        RequestRules requests,
        Cors cors) {}
