package com.opengrail.kafka.sse.internal.client;

import com.opengrail.kafka.sse.ClientFilters;
import com.opengrail.kafka.sse.internal.wire.ReservedNames;
import java.time.InstantSource;

/**
 * What a request may ask for.
 *
 * @param topics the topics that it may name
 * @param roles the roles that topics need
 * @param filters what its filter may contain
 * @param reserved the event names that it cannot choose
 * @param clock the present, for times relative to now
 */
public record RequestRules(
        TopicRules topics, TopicRoles roles, ClientFilters filters, ReservedNames reserved, InstantSource clock) {}
