package com.opengrail.kafka.sse.internal.client;

/**
 * How many streams there may be at once; 0 is no limit.
 *
 * @param total of the servlet
 * @param perAddress of one remote address
 */
public record ConnectionLimits(int total, int perAddress) {}
