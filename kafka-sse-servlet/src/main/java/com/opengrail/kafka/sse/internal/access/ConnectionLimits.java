package com.opengrail.kafka.sse.internal.access;

/**
 * How many streams there may be at once; 0 is no limit.
 *
 * @param total of the engine
 * @param perAddress of one remote address, of one network of 64 bits where it is IPv6
 * @param perUser of one user who has logged in
 */
public record ConnectionLimits(int total, int perAddress, int perUser) {}
