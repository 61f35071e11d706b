package com.opengrail.kafka.sse.internal.settings;

import com.opengrail.kafka.sse.internal.filter.NamePatterns;
import com.opengrail.kafka.sse.internal.filter.TopicName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The roles that topics need: a list of {@code TOPIC=ROLE}.
 *
 * <p>A topic is a name or an RE2 expression, as in {@link AllowedTopics}. Here an expression also matches names that
 * begin with {@code _}, because a rule that protects must leave nothing out.
 *
 * <p>Threads: immutable.
 */
public final class TopicRoleList {
    static final TopicRoleList NONE = new TopicRoleList(List.of());

    private final List<Rule> rules;

    private record Rule(NamePatterns topics, String role) {}

    private TopicRoleList(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /**
     * Reads a comma separated list; {@code \,} is a comma inside an element.
     *
     * @throws IllegalArgumentException if an element is malformed; the message quotes it and says why
     */
    public static TopicRoleList parse(String list) {
        List<Rule> rules = new ArrayList<>();
        List<String> expressions = new ArrayList<>();
        for (String element : NamePatterns.split(list)) {
            // A topic name has no equals sign, but a role may have one: it can be a distinguished name.
            int equals = element.indexOf('=');
            String topic = equals < 0 ? "" : element.substring(0, equals).strip();
            String role = equals < 0 ? "" : element.substring(equals + 1).strip();
            if (topic.isEmpty() || role.isEmpty()) {
                throw new IllegalArgumentException("\"" + element + "\" is not of the form TOPIC=ROLE");
            }
            boolean literal = TopicName.isValid(topic);
            if (!literal) {
                expressions.add(topic);
            }
            rules.add(new Rule(
                    NamePatterns.of(literal ? Set.of(topic) : Set.of(), literal ? List.of() : List.of(topic)), role));
        }
        // Checks the size of all expressions together.
        NamePatterns.of(Set.of(), expressions);
        return new TopicRoleList(rules);
    }

    /** The roles for a topic, of which a user needs one. If there are none, the topic is for everybody. */
    public Set<String> rolesOf(String topic) {
        return rules.stream()
                .filter(rule -> rule.topics.contains(topic))
                .map(Rule::role)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
