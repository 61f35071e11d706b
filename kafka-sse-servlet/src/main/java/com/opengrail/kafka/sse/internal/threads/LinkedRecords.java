package com.opengrail.kafka.sse.internal.threads;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of what Java 17 keeps of records. When it links {@code equals}, {@code hashCode} or {@code toString} of a record, it
 * keeps the types of the record that was linked last in static fields ({@link ObjectMethods}), and with them the class loader of
 * an application that was undeployed.
 *
 * <p>Threads: safe.
 */
public final class LinkedRecords {
    private static final Logger LOG = LoggerFactory.getLogger(LinkedRecords.class);

    private LinkedRecords() {}

    /** Links the three methods once more, for a type that is always there. */
    public static void forget() {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Class<?> type = String.class;
        try {
            MethodHandle component = lookup.findVirtual(type, "strip", MethodType.methodType(type));
            link(lookup, "equals", MethodType.methodType(boolean.class, type, Object.class), component);
            link(lookup, "hashCode", MethodType.methodType(int.class, type), component);
            link(lookup, "toString", MethodType.methodType(String.class, type), component);
        } catch (Throwable e) {
            // Nothing but memory depends on it.
            LOG.debug("The last records may stay in memory", e);
        }
    }

    private static void link(MethodHandles.Lookup lookup, String method, MethodType as, MethodHandle component)
            throws Throwable {
        ObjectMethods.bootstrap(lookup, method, as, String.class, "component", component);
    }
}
