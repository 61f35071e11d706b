package com.opengrail.kafka.sse.internal.settings;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;

/** Classes that properties name. */
final class NamedClass {
    private NamedClass() {}

    /** Loads it with the loader that Kafka uses. Its first use is left to Kafka: log-in modules register something then. */
    static Class<?> load(Object given) throws ClassNotFoundException {
        return given instanceof Class<?> loaded
                ? loaded
                : Class.forName(given.toString().trim(), false, Utils.getContextOrKafkaClassLoader());
    }

    /** Why Kafka can make no object of it. */
    static Optional<String> faultOf(Object given, Class<?> type) {
        try {
            return isUsable(load(given), type)
                    ? Optional.empty()
                    : Optional.of("it is not a public class with a public constructor without parameters that"
                            + " implements " + type.getName());
        } catch (ClassNotFoundException e) {
            return Optional.of("Class " + given + " could not be found.");
        } catch (LinkageError e) {
            return Optional.of("Class " + given + " cannot be loaded.");
        }
    }

    private static boolean isUsable(Class<?> loaded, Class<?> type) {
        return Modifier.isPublic(loaded.getModifiers())
                && !Modifier.isAbstract(loaded.getModifiers())
                && type.isAssignableFrom(loaded)
                && Arrays.stream(loaded.getConstructors())
                        .anyMatch(constructor -> constructor.getParameterCount() == 0);
    }
}
