package com.opengrail.kafka.sse.internal.mapper;

import com.opengrail.kafka.sse.SseEventMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * A list of mappers as it is written in a setting: short names, class names, and {@code -default} first where the default
 * mapper is left out. Immutable.
 *
 * @param text as it was written
 * @param defaultMapper whether the default mapper is the first
 * @param mappers what follows, in order
 */
public record MapperList(String text, boolean defaultMapper, List<SseEventMapper> mappers) {
    private static final String WITHOUT_DEFAULT = "-default";

    /** The default mapper alone. */
    public static final MapperList DEFAULT = new MapperList("none", true, List.of());

    /**
     * The mappers of the elements of a list.
     *
     * @throws IllegalArgumentException that names the element that is wrong and says why
     */
    public static MapperList of(List<String> elements) {
        if (elements.lastIndexOf(WITHOUT_DEFAULT) > 0) {
            throw new IllegalArgumentException("\"-default\" is not the first");
        }
        boolean defaultMapper = !elements.get(0).equals(WITHOUT_DEFAULT);
        List<SseEventMapper> mappers = new ArrayList<>();
        for (String element : elements.subList(defaultMapper ? 0 : 1, elements.size())) {
            mappers.add(mapper(element));
        }
        if (mappers.isEmpty()) {
            throw new IllegalArgumentException("\"-default\" alone leaves no mapper");
        }
        return new MapperList(String.join(",", elements), defaultMapper, List.copyOf(mappers));
    }

    /**
     * The mapper of one element: a short name with its argument, or the name of a class.
     *
     * @throws IllegalArgumentException that names the element and says what is wrong with it
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

    /** What a jar of the application offers as a service, by the class's name with or without its package. */
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
            throw new IllegalArgumentException("\"" + name + "\" cannot be looked up among the services: " + e, e);
        }
    }

    private static SseEventMapper ofClass(String name, ClassLoader loader) {
        try {
            return Class.forName(name, true, loader)
                    .asSubclass(SseEventMapper.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is neither a known mapper nor an SseEventMapper with a public constructor without"
                            + " parameters (" + e + "); known are " + NamedMappers.KNOWN + known(loader),
                    e);
        }
    }

    /** The mappers that are offered as services, for a message. */
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

    @Override
    public String toString() {
        return text;
    }
}
