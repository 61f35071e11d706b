package com.opengrail.kafka.sse.testing;

import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** What the engines of this process occupy: their threads, and the connections of their Kafka clients. */
public final class Footprint {
    /** With it the names of all engines' threads and consumers begin. */
    private static final String PREFIX = "kafka-sse";

    private static final String ADMIN = "kafka.admin.client:type=admin-client-metrics";

    private Footprint() {}

    /** The names of the engines' own threads. */
    public static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(PREFIX))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The number of consumers that there are. */
    public static int consumers() throws JMException {
        return beans("kafka.consumer:type=consumer-metrics,client-id=" + PREFIX + "*")
                .size();
    }

    /** The records that the replay readers have read with the consumers that they have now. */
    public static double recordsReplayed() throws JMException {
        return sum(
                "kafka.consumer:type=consumer-fetch-manager-metrics", PREFIX + "*-replay-*", "records-consumed-total");
    }

    /** Connections to the brokers of all Kafka clients but the producers, which are the tests' own. */
    public static int brokerConnections() throws JMException {
        return (int) (sum("kafka.consumer:type=consumer-metrics", "connection-count") + sum(ADMIN, "connection-count"));
    }

    /** How many requests the admin clients of this process have sent to brokers: look-ups, and what they need for these. */
    public static long lookUps() throws JMException {
        return (long) sum(ADMIN, "request-total");
    }

    private static double sum(String beans, String attribute) throws JMException {
        return sum(beans, "*", attribute);
    }

    private static double sum(String beans, String clientId, String attribute) throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        double sum = 0;
        for (ObjectName bean : beans(beans + ",client-id=" + clientId)) {
            try {
                sum += (Double) server.getAttribute(bean, attribute);
            } catch (InstanceNotFoundException | AttributeNotFoundException e) {
                // Somebody has just let go of the client, or is about to make it.
                continue;
            }
        }
        return sum;
    }

    private static Set<ObjectName> beans(String pattern) throws JMException {
        return ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName(pattern), null);
    }
}
