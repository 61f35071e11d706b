package com.opengrail.kafka.sse.internal.client;

/**
 * How access is checked again while a stream lasts.
 *
 * @param millis a stream whose access has been withdrawn ends within this time
 * @param endWithSession true if a stream ends with the session in which it was opened
 */
public record RecheckOptions(long millis, boolean endWithSession) {}
