package com.opengrail.kafka.sse.internal.settings;

import com.opengrail.kafka.sse.internal.filter.NamePatterns;
import com.opengrail.kafka.sse.internal.filter.TopicName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The topics that a request may name.
 *
 * <p>An element that is a valid topic name allows that topic alone, so {@code orders.eu} does not allow
 * {@code orders-eu}. Any other element is an RE2 expression that has to match the whole name. Names that begin with
 * {@code _} are those of internal topics, of Kafka itself or of schema registries. No expression matches them; each has
 * to be listed.
 *
 * <p>Threads: immutable.
 *
 * @param names the names and expressions, as they are listed
 */
public record AllowedTopics(NamePatterns names) {

    private static final String INTERNAL = "_";

    static final AllowedTopics NONE = new AllowedTopics(NamePatterns.of(List.of(), List.of()));

    /**
     * Reads a comma separated list; {@code \,} is a comma inside an expression.
     *
     * @throws IllegalArgumentException if an element is malformed; the message quotes it and says why
     */
    public static AllowedTopics parse(String list) {
        Set<String> topics = new LinkedHashSet<>();
        List<String> expressions = new ArrayList<>();
        for (String element : NamePatterns.split(list)) {
            if (TopicName.isValid(element)) {
                topics.add(element);
            } else {
                expressions.add(element);
            }
        }
        NamePatterns names = NamePatterns.of(topics, expressions);
        for (String literal : names.literals()) {
            if (!TopicName.isValid(literal)) {
                throw new IllegalArgumentException("\"" + literal + "\" is not a topic name");
            }
        }
        return new AllowedTopics(names);
    }

    public AllowedTopics with(List<String> topics) {
        Set<String> literals = new LinkedHashSet<>(names.literals());
        literals.addAll(topics);
        return new AllowedTopics(NamePatterns.of(literals, names.expressions()));
    }

    public boolean allows(String topic) {
        return names.literals().contains(topic) || !topic.startsWith(INTERNAL) && names.contains(topic);
    }

    public boolean isEmpty() {
        return names.literals().isEmpty() && names.expressions().isEmpty();
    }
}
