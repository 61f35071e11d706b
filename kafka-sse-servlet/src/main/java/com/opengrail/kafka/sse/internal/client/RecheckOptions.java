package com.opengrail.kafka.sse.internal.client;

/**
 * How access is looked at again while a stream lasts.
 *
 * @param millis what has been withdrawn ends the stream within this time
 * @param endWithSession whether a stream ends with the session in which it was opened
 */
public record RecheckOptions(long millis, boolean endWithSession) {}
