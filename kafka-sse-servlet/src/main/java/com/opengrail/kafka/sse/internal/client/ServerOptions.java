package com.opengrail.kafka.sse.internal.client;

/**
 * What a stream server is made of, of the settings.
 *
 * @param name the beginning of its threads' names
 * @param writerThreads the number of threads that write to clients
 * @param gzip whether clients that accept it get the stream compressed
 * @param limits how many streams there may be
 * @param clients what each client is given
 * @param requests what may be asked for
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
