package com.opengrail.kafka.sse.internal.request;

import com.opengrail.kafka.sse.ClientFilters;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import java.time.InstantSource;

/**
 * What a request may ask for.
 *
 * @param reserved the event names that it cannot choose
 * @param clock for times relative to now
 */
public record RequestRules(
        TopicRules topics, TopicRoles roles, ClientFilters filters, ReservedNames reserved, InstantSource clock) {}
