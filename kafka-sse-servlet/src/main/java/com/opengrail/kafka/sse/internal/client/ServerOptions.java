package com.opengrail.kafka.sse.internal.client;

/**
 * The settings that a stream server needs.
 *
 * @param name the beginning of its threads' names
 * @param writerThreads the number of threads that write to clients
 * @param gzip true if clients that accept gzip get the stream compressed
 * @param limits how many streams there may be
 * @param clients the settings for each client
 * @param requests what requests may ask for
 * @param cors what pages of other origins may do
 */
public record ServerOptions(
        String name,
        int writerThreads,
        boolean gzip,
        ConnectionLimits limits,
        ClientOptions clients,
        RequestRules requests,
        Cors cors) {}
