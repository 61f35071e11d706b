package com.opengrail.kafka.sse.internal.mapper;

import com.opengrail.kafka.sse.SseEventMapper;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * A list of mappers as a setting names them: by short names and class names. If {@code -default} is the first, the
 * default mapper is left out. Immutable.
 *
 * @param defaultMapper true if the default mapper is the first
 * @param mappers the mappers that follow, in order
 */
public record MapperList(boolean defaultMapper, List<SseEventMapper> mappers) {
    private static final String WITHOUT_DEFAULT = "-default";

    /** The default mapper alone. */
    public static final MapperList DEFAULT = new MapperList(true, List.of());

    /**
     * Makes the mappers of a list.
     *
     * @throws IllegalArgumentException if an element is wrong; the message names it and says why
     */
    public static MapperList of(List<String> elements) {
        if (elements.lastIndexOf(WITHOUT_DEFAULT) > 0) {
            throw new IllegalArgumentException("\"-default\" is not the first element");
        }
        boolean defaultMapper = !elements.get(0).equals(WITHOUT_DEFAULT);
        List<SseEventMapper> mappers = new ArrayList<>();
        for (String element : elements.subList(defaultMapper ? 0 : 1, elements.size())) {
            mappers.add(mapper(element));
        }
        if (mappers.isEmpty()) {
            throw new IllegalArgumentException("\"-default\" alone leaves no mapper");
        }
        return new MapperList(defaultMapper, List.copyOf(mappers));
    }

    /**
     * Makes the mapper of one element: a short name with its argument, or the name of a class.
     *
     * @throws IllegalArgumentException if the element is wrong; the message names it and says why
     */
    public static SseEventMapper mapper(String element) {
        int colon = element.indexOf(':');
        String name = colon < 0 ? element : element.substring(0, colon).strip();
        if (NamedMappers.isName(name)) {
            return NamedMappers.of(
                    name, colon < 0 ? null : element.substring(colon + 1).strip());
        }
        ClassLoader ofApplication = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = ofApplication != null ? ofApplication : MapperList.class.getClassLoader();
        SseEventMapper offered = offered(name, loader);
        return offered != null ? offered : ofClass(element, loader);
    }

    /** The mapper that a jar of the application offers as a service, by its class name with or without the package. */
    private static SseEventMapper offered(String name, ClassLoader loader) {
        try {
            List<ServiceLoader.Provider<SseEventMapper>> named =
                    ServiceLoader.load(SseEventMapper.class, loader).stream()
                            .filter(provider -> provider.type().getName().equals(name)
                                    || provider.type().getSimpleName().equals(name))
                            .toList();
            if (named.size() > 1) {
                throw new IllegalArgumentException("\"" + name + "\" is the simple name of " + named.size()
                        + " mappers; write the whole name of the class");
            }
            return named.isEmpty() ? null : named.get(0).get();
        } catch (ServiceConfigurationError e) {
            String cause = e.getCause() == null ? "" : " (" + e.getCause() + ")";
            throw new IllegalArgumentException("\"" + name + "\" cannot be looked up as a service: " + e + cause, e);
        }
    }

    private static SseEventMapper ofClass(String name, ClassLoader loader) {
        try {
            return Class.forName(name, true, loader)
                    .asSubclass(SseEventMapper.class)
                    .getConstructor()
                    .newInstance();
        } catch (InvocationTargetException | ExceptionInInitializerError e) {
            String part = e instanceof InvocationTargetException ? "constructor" : "static initializer";
            throw new IllegalArgumentException("\"" + name + "\": its " + part + " failed (" + e.getCause() + ")", e);
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is neither a known mapper nor an SseEventMapper with a public constructor without"
                            + " parameters (" + e + "); known are " + NamedMappers.KNOWN + known(loader),
                    e);
        }
    }

    /** The names of mappers that are offered as services, for a message. */
    private static String known(ClassLoader loader) {
        StringBuilder names = new StringBuilder();
        try {
            ServiceLoader.load(SseEventMapper.class, loader).stream()
                    .forEach(provider ->
                            names.append(", ").append(provider.type().getName()));
        } catch (ServiceConfigurationError e) {
            names.append(", and services that cannot be read: ").append(e.getMessage());
        }
        return names.toString();
    }
}
