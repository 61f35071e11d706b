package com.opengrail.kafka.sse;

import java.lang.management.ManagementFactory;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The name under which an engine is known to the platform's MBean server: one, since the server takes an MXBean once.
 *
 * <p>Two applications may ask for the same name: those of virtual hosts with the same context path, and the old and the
 * new version in a parallel deployment. The later one gets a number.
 *
 * <p>Threads: safe.
 */
final class KafkaSseRegistration implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSseRegistration.class);

    /** What an unquoted value of an object name must not have. */
    private static final Pattern NEEDS_QUOTING = Pattern.compile("[,=:\"*?\n]");

    private static final int MOST_INSTANCES = 1000;

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile ObjectName registered;

    /** Registers an engine's metrics, the first time it is called; a failure is logged. */
    void register(KafkaSseMXBean metrics, String contextPath, String name) {
        Objects.requireNonNull(contextPath, "contextPath == null");
        Objects.requireNonNull(name, "name == null");
        if (!asked.compareAndSet(false, true)) {
            return;
        }
        String full = "com.opengrail.kafka.sse:type=KafkaSse,context="
                + value(contextPath.isEmpty() ? "/" : contextPath) + ",name=" + value(name);
        try {
            registered = register(new Described(metrics), full);
        } catch (JMException e) {
            LOG.warn("Cannot register the MBean {}; the streams do without", full, e);
        }
    }

    private ObjectName register(Described bean, String name) throws JMException {
        ObjectName next = new ObjectName(name);
        for (int instance = 2; instance <= MOST_INSTANCES; instance++) {
            try {
                return server.registerMBean(bean, next).getObjectName();
            } catch (InstanceAlreadyExistsException e) {
                LOG.debug("There is an MBean {} already", next, e);
                next = new ObjectName(name + ",instance=" + instance);
            }
        }
        throw new InstanceAlreadyExistsException(name);
    }

    private static String value(String text) {
        return NEEDS_QUOTING.matcher(text).find() ? ObjectName.quote(text) : text;
    }

    @Override
    public void close() {
        ObjectName name = registered;
        registered = null;
        if (name != null) {
            try {
                server.unregisterMBean(name);
            } catch (JMException e) {
                LOG.debug("The MBean {} is not registered any more", name, e);
            }
        }
    }

    /** The metrics, each attribute with the description that the interface gives it. */
    private static final class Described extends StandardMBean {

        Described(KafkaSseMXBean metrics) {
            super(metrics, KafkaSseMXBean.class, true);
        }

        @Override
        protected String getDescription(MBeanInfo info) {
            return "Streams of Kafka topics to browsers (Server-Sent Events) of one servlet";
        }

        @Override
        protected String getDescription(MBeanAttributeInfo info) {
            return info.getDescriptor().getFieldValue("description") + " ["
                    + info.getDescriptor().getFieldValue("units") + "]";
        }
    }
}
