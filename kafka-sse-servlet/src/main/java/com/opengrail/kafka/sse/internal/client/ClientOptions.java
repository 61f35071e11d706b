package com.opengrail.kafka.sse.internal.client;

import java.util.Optional;

/**
 * The settings that clients need.
 *
 * @param keepAliveMillis a connection silent for this long gets a keep-alive; 0: none
 * @param retryMillis the reconnection time that clients are given, before it is spread; 0: none
 * @param stallTimeoutMillis a client that takes no byte for this long is dropped; 0: never
 * @param maxConnectionMillis a stream is ended after this long, before it is spread; 0: never
 * @param positionEvent the name of the position block's event; empty: an id line alone
 * @param recheckMillis a stream whose access has been withdrawn ends within this time
 * @param endWithSession true if a stream ends with the session in which it was opened
 */
public record ClientOptions(
        long keepAliveMillis,
        long retryMillis,
        long stallTimeoutMillis,
        long maxConnectionMillis,
        Optional<String> positionEvent,
        long recheckMillis,
        boolean endWithSession) {}
