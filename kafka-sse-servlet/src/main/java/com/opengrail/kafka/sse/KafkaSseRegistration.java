package com.opengrail.kafka.sse;

import jakarta.servlet.ServletContext;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers an engine where operators find it: with the platform's MBean server, and among the engines of its web
 * applications.
 *
 * <p>Two applications may ask for the same name: those of virtual hosts with the same context path, or the old and the
 * new version in a parallel deployment. The later one gets a number.
 *
 * <p>Threads: safe.
 */
final class KafkaSseRegistration implements AutoCloseable {
    /** The prefix of the web application's attribute that holds an engine. The engine's name follows. */
    static final String ENGINE_ATTRIBUTE = "com.opengrail.kafka.sse.engine.";

    private static final Logger LOG = LoggerFactory.getLogger(KafkaSseRegistration.class);

    /** Characters that an unquoted value of an object name must not have. */
    private static final Pattern NEEDS_QUOTING = Pattern.compile("[,=:\"*?\n]");

    private static final int MOST_INSTANCES = 1000;

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final List<Place> places = new ArrayList<>();
    private volatile @Nullable String name;
    private volatile boolean closed;

    /** Guarded by this, as the places are. */
    private @Nullable ObjectName registered;

    /**
     * The attribute of an application that holds the engine. The engine may live longer than the application, whose
     * class loader it must not keep then.
     */
    private record Place(KafkaSse engine, Reference<ServletContext> application, String attribute) {
        void leave() {
            ServletContext left = application.get();
            // After a redeployment the attribute may hold another engine.
            if (left != null && left.getAttribute(attribute) == engine) {
                left.removeAttribute(attribute);
            }
        }
    }

    /** Registers an engine. Later calls for the same application do nothing, nor does one after the end. */
    synchronized void register(KafkaSse engine, ServletContext application, String given) {
        Objects.requireNonNull(application, "application == null");
        Objects.requireNonNull(given, "name == null");
        if (!enginesOf(application).contains(engine)) {
            add(engine, application, given);
        }
    }

    /**
     * Registers an engine for one of its servlets and filters. An application may have several, and each has an
     * attribute of its own, so the engine stays registered with it until the last has gone.
     *
     * @return takes the attribute away again
     */
    synchronized Runnable add(KafkaSse engine, ServletContext application, String given) {
        if (closed) {
            return () -> {};
        }
        if (name == null) {
            name = given;
            registerMBean(engine.metrics(), application.getContextPath(), given);
        }
        places.removeIf(place -> place.application().refersTo(null));
        Place place = new Place(engine, new WeakReference<>(application), freeAttribute(application, given));
        places.add(place);
        application.setAttribute(place.attribute(), engine);
        return () -> remove(place);
    }

    private synchronized void remove(Place place) {
        places.remove(place);
        place.leave();
    }

    /** A servlet and a filter may have the same name. */
    private static String freeAttribute(ServletContext application, String name) {
        String first = ENGINE_ATTRIBUTE + name;
        String next = first;
        for (int instance = 2; application.getAttribute(next) != null; instance++) {
            next = first + ",instance=" + instance;
        }
        return next;
    }

    /** The first name given, or an empty string. */
    String name() {
        String given = name;
        return given == null ? "" : given;
    }

    boolean isClosed() {
        return closed;
    }

    /** The engines that are registered with an application, each once, by their names. */
    static List<KafkaSse> enginesOf(ServletContext application) {
        return Collections.list(application.getAttributeNames()).stream()
                .filter(name -> name.startsWith(ENGINE_ATTRIBUTE))
                .sorted()
                .map(application::getAttribute)
                .filter(KafkaSse.class::isInstance)
                .map(KafkaSse.class::cast)
                .distinct()
                .toList();
    }

    /** Registers an engine's metrics; a failure is logged. */
    synchronized void registerMBean(KafkaSseMXBean metrics, String contextPath, String name) {
        String full = "com.opengrail.kafka.sse:type=KafkaSse,context="
                + value(contextPath.isEmpty() ? "/" : contextPath) + ",name=" + value(name);
        try {
            registered = register(new Described(metrics), full);
        } catch (JMException e) {
            LOG.warn("Cannot register the MBean {}; the streams run without it", full, e);
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
    public synchronized void close() {
        closed = true;
        if (registered != null) {
            try {
                server.unregisterMBean(registered);
            } catch (JMException e) {
                LOG.debug("The MBean {} is not registered any more", registered, e);
            }
            registered = null;
        }
        // Last, as this calls listeners of the applications, which may fail.
        leaveAll();
    }

    private void leaveAll() {
        RuntimeException failure = null;
        for (Place place : places) {
            try {
                place.leave();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        places.clear();
        if (failure != null) {
            throw failure;
        }
    }

    /** The metrics, with the descriptions of the interface. */
    private static final class Described extends StandardMBean {

        Described(KafkaSseMXBean metrics) {
            super(metrics, KafkaSseMXBean.class, true);
        }

        @Override
        protected String getDescription(MBeanInfo info) {
            return "Streams of Kafka topics to browsers (Server-Sent Events) of one engine";
        }

        @Override
        protected String getDescription(MBeanAttributeInfo info) {
            return info.getDescriptor().getFieldValue("description") + " ["
                    + info.getDescriptor().getFieldValue("units") + "]";
        }
    }
}
