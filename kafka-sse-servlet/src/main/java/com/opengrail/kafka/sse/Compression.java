package com.opengrail.kafka.sse;

/**
 * How streams are compressed for clients that accept it. Setting {@code compression}.
 *
 * <pre>{@code
 * KafkaSse.builder().topics("orders").compression(Compression.NONE);
 * }</pre>
 */
public enum Compression {
    /** As gzip (RFC 1952). */
    GZIP,
    /** Not at all. */
    NONE
}
