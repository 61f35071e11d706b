package com.opengrail.kafka.sse.testing;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;

/** What JMX shows of this project in this JVM, read as an operator's tool does. */
public final class Beans {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Beans() {}

    /** The names of the beans, without the domain. */
    public static Set<String> names() {
        try {
            return ManagementFactory.getPlatformMBeanServer()
                    .queryNames(new ObjectName("com.opengrail.kafka.sse:*"), null)
                    .stream()
                    .map(name ->
                            name.getCanonicalName().substring(name.getDomain().length() + 1))
                    .collect(Collectors.toSet());
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The one bean there is. */
    public static Bean only() {
        Set<String> names = names();
        if (names.size() != 1) {
            throw new AssertionError("not one bean: " + names);
        }
        return named(names.iterator().next());
    }

    /** The one bean with this in its name, where there are those of other engines. */
    public static Bean ofEngine(String part) {
        return names().stream()
                .filter(name -> name.contains(part))
                .findFirst()
                .map(Beans::named)
                .orElseThrow(() -> new AssertionError("no bean of " + part + ": " + names()));
    }

    public static Bean named(String name) {
        try {
            return new Bean(new ObjectName("com.opengrail.kafka.sse:" + name));
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One bean. */
    public record Bean(ObjectName name) {

        public Object get(String attribute) {
            try {
                return ManagementFactory.getPlatformMBeanServer().getAttribute(name, attribute);
            } catch (JMException e) {
                throw new IllegalStateException(name + " " + attribute, e);
            }
        }

        public long number(String attribute) {
            return (long) get(attribute);
        }

        public long refused(String reason) {
            return (long)
                    ((TabularData) get("Refused")).get(new Object[] {reason}).get("value");
        }

        /** A value of the latency. */
        public Object latency(String item) {
            return ((CompositeData) get("Latency")).get(item);
        }

        /** The events whose latency was below a bound. */
        public Object latencyBelow(long millis) {
            return ((TabularData) latency("eventsBelowMillis"))
                    .get(new Object[] {millis})
                    .get("value");
        }

        /** What is shown of a feed, or nothing if there is no such feed. */
        public Map<String, Object> feed(String topics) {
            CompositeData row = ((TabularData) get("Feeds")).get(new Object[] {topics});
            Map<String, Object> values = new TreeMap<>();
            if (row != null) {
                CompositeData feed = (CompositeData) row.get("value");
                feed.getCompositeType().keySet().forEach(key -> values.put(key, feed.get(key)));
            }
            return values;
        }

        public void await(String attribute, LongPredicate wanted) {
            Await.until(attribute, LIMIT, () -> wanted.test(number(attribute)), () -> get(attribute));
        }

        public void await(String attribute, long wanted) {
            await(attribute, value -> value == wanted);
        }

        public void awaitFeed(String topics, Predicate<Map<String, Object>> wanted) {
            Await.until("the feed " + topics, LIMIT, () -> wanted.test(feed(topics)), () -> feed(topics));
        }
    }
}
