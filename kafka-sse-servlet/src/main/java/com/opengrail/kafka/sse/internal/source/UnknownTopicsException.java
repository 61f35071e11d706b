package com.opengrail.kafka.sse.internal.source;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The brokers say that topics do not exist. */
public final class UnknownTopicsException extends UnknownTopicOrPartitionException {
    private static final long serialVersionUID = 1L;

    private final transient SortedSet<String> topics;

    public UnknownTopicsException(Set<String> topics) {
        super("The brokers do not know " + String.join(", ", new TreeSet<>(topics)));
        this.topics = new TreeSet<>(topics);
    }

    public SortedSet<String> topics() {
        return topics;
    }
}
