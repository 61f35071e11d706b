package com.opengrail.kafka.sse.internal.settings;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.serialization.ListDeserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.StringDeserializer;

/** What Kafka's own deserializers cannot be made with. */
final class DeserializerChecks {
    private static final String ENCODING = "deserializer.encoding";

    private final CheckedProperties properties;

    private DeserializerChecks(CheckedProperties properties) {
        this.properties = properties;
    }

    static void check(CheckedProperties properties) {
        DeserializerChecks checks = new DeserializerChecks(properties);
        String ofKeys = checks.encoding("key");
        String ofValues = checks.encoding("value");
        checks.checkEncoding(ofKeys);
        if (!ofValues.equals(ofKeys)) {
            checks.checkEncoding(ofValues);
        }
        checks.checkList("key");
        checks.checkList("value");
    }

    private boolean isA(Class<?> type, String which) {
        Object given = properties.values().get(which + ".deserializer");
        return given == type || given instanceof String name && name.trim().equals(type.getName());
    }

    /** The property that the deserializer of strings has its encoding from, or nothing. */
    private String encoding(String which) {
        String own = which + "." + ENCODING;
        if (!isA(StringDeserializer.class, which)) {
            return "";
        }
        return properties.isAbsent(own) ? ENCODING : own;
    }

    private void checkEncoding(String property) {
        if (properties.isKnown(property) && !isCharset(properties.text(property, ""))) {
            properties.refuse(
                    property, "this JVM does not know this encoding; allowed is UTF-8, ISO-8859-1 or another charset");
        }
    }

    /** White space around the usual one does no harm. Around others Kafka does not take it. */
    private static boolean isCharset(String name) {
        try {
            return name.trim().equalsIgnoreCase(StandardCharsets.UTF_8.name()) || Charset.isSupported(name);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void checkList(String which) {
        if (isA(ListDeserializer.class, which)) {
            checkPart(which, "type", Object.class, "java.util.ArrayList");
            checkPart(which, "inner", Serde.class, "org.apache.kafka.common.serialization.Serdes$StringSerde");
        }
    }

    private void checkPart(String which, String part, Class<?> type, String example) {
        String property = "default.list." + which + ".serde." + part;
        if (properties.isAbsent(property)) {
            properties.refuse(
                    which + ".deserializer",
                    "it needs \"kafka." + property + "\", which is not set; allowed is a class such as " + example);
        } else if (properties.isKnown(property)) {
            Object given = properties.values().get(property);
            Optional<String> fault = NamedClass.faultOf(given, type);
            fault.ifPresent(reason -> properties.refuse(property, reason));
        }
    }
}
