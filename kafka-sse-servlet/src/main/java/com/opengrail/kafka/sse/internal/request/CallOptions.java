package com.opengrail.kafka.sse.internal.request;

import com.opengrail.kafka.sse.StreamOptions;

/**
 * How one request is answered.
 *
 * @param options what the application decides
 * @param pathNamesTopics true if the path after the servlet's mapping may name the topics, instead of the parameter
 *     {@code topic}; false if it belongs to something else
 */
public record CallOptions(StreamOptions options, boolean pathNamesTopics) {}
