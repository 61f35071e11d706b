package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.internal.filter.ClientFilters;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import java.time.InstantSource;

/**
 * What a request may ask for.
 *
 * @param topics which topics it may name
 * @param roles which topics are for some users only
 * @param filters what its filter may hold
 * @param reserved the event names that it cannot have
 * @param clock against which it names times
 */
public record RequestRules(
        TopicRules topics, TopicRoles roles, ClientFilters filters, ReservedNames reserved, InstantSource clock) {}
