package com.opengrail.kafka.sse;

/**
 * What the filter of a request may contain. Setting {@code client-filters}.
 *
 * <pre>{@code
 * KafkaSse.builder().topics("orders").clientFilters(ClientFilters.LITERAL);
 * }</pre>
 */
public enum ClientFilters {
    /** Regular expressions (RE2 syntax). */
    REGEX,
    /** Event names; a {@code *} at the end stands for anything. */
    LITERAL,
    /** Nothing: requests cannot filter. */
    NONE
}
