package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What applications can see of this library is a committed list, so that no change to it goes unnoticed. After an intended
 * change: {@code mvn -o -q -pl kafka-sse-servlet test -Dtest=PublicApiTest -Dpublic-api.update=true}.
 */
class PublicApiTest {
    private static final Path LIST = Path.of("src", "test", "resources", "public-api.txt");
    private static final String UPDATE = "public-api.update";
    private static final int VISIBLE = Modifier.PUBLIC | Modifier.PROTECTED;

    @Test
    void shouldBeWhatTheCommittedListSays() throws Exception {
        String found = classes().stream().map(PublicApiTest::describe).collect(Collectors.joining("\n"));
        if (Boolean.getBoolean(UPDATE)) {
            Files.writeString(LIST, found);
        }
        assertEquals(
                Files.readString(LIST),
                found,
                "The public API has changed. If that is intended, update " + LIST + " with: mvn -o -q -pl"
                        + " kafka-sse-servlet test -Dtest=PublicApiTest -D" + UPDATE
                        + "=true, and mention it in CHANGELOG.md.");
    }

    /** The public package alone: what is under it is internal. */
    private static List<Class<?>> classes() throws IOException, URISyntaxException, ClassNotFoundException {
        Path root = Path.of(KafkaSse.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        assertTrue(Files.isDirectory(root), root + " is no folder of classes");
        List<Class<?>> classes = new ArrayList<>();
        try (Stream<Path> files = Files.list(root.resolve("com/opengrail/kafka/sse"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".class"))
                    .sorted()
                    .toList()) {
                String name = file.getFileName().toString().replaceFirst("\\.class$", "");
                if (!name.equals("package-info")) {
                    classes.add(Class.forName("com.opengrail.kafka.sse." + name));
                }
            }
        }
        classes.removeIf(each -> !isVisible(each));
        return classes;
    }

    private static boolean isVisible(Class<?> type) {
        Class<?> outer = type.getDeclaringClass();
        return !type.isAnonymousClass() && (type.getModifiers() & VISIBLE) != 0 && (outer == null || isVisible(outer));
    }

    private static String describe(Class<?> type) {
        Set<String> lines = new TreeSet<>();
        Stream.of(type.getDeclaredFields()).filter(PublicApiTest::isVisible).forEach(field -> lines.add(line(field)));
        Stream.of(type.getDeclaredConstructors())
                .filter(PublicApiTest::isVisible)
                .forEach(constructor -> lines.add(line(constructor, "new")));
        Class<?> declaring = type;
        while (declaring == type || declaring != null && !isVisible(declaring)) {
            Stream.of(declaring.getDeclaredMethods())
                    .filter(PublicApiTest::isVisible)
                    .filter(method -> !method.isSynthetic())
                    .sorted(Comparator.comparing(Method::toGenericString))
                    .forEach(method -> lines.add(line(method, returned(method, type) + " " + method.getName())));
            declaring = declaring.getSuperclass();
        }
        List<String> supertypes = new ArrayList<>();
        if (declaring != null && declaring != Object.class) {
            supertypes.add(name(type.getGenericSuperclass()));
        }
        Arrays.stream(type.getGenericInterfaces()).map(PublicApiTest::name).forEach(supertypes::add);
        return deprecated(type) + Modifier.toString(type.getModifiers()) + " " + type.getName()
                + (supertypes.isEmpty() ? "" : " : " + String.join(", ", supertypes)) + "\n"
                + lines.stream().map(each -> "    " + each + "\n").collect(Collectors.joining());
    }

    /** A method that an invisible class hands down returns the visible one. */
    private static String returned(Method method, Class<?> type) {
        return method.getGenericReturnType() instanceof TypeVariable<?> && method.getDeclaringClass() != type
                ? type.getName()
                : name(method.getGenericReturnType());
    }

    private static boolean isVisible(Member member) {
        return (member.getModifiers() & VISIBLE) != 0;
    }

    private static String line(Field field) {
        return deprecated(field) + Modifier.toString(field.getModifiers()) + " " + name(field.getGenericType()) + " "
                + field.getName();
    }

    private static String line(Executable executable, String what) {
        String thrown = Arrays.stream(executable.getGenericExceptionTypes())
                .map(PublicApiTest::name)
                .collect(Collectors.joining(", "));
        return deprecated(executable)
                + Modifier.toString(executable.getModifiers() & ~Modifier.TRANSIENT & ~Modifier.VOLATILE) + " " + what
                + Arrays.stream(executable.getGenericParameterTypes())
                        .map(PublicApiTest::name)
                        .collect(Collectors.joining(", ", "(", ")"))
                + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String deprecated(AnnotatedElement element) {
        return element.isAnnotationPresent(Deprecated.class) ? "deprecated " : "";
    }

    private static String name(Type type) {
        return type.getTypeName();
    }
}
