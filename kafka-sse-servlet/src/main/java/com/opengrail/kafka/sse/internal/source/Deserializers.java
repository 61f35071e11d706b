package com.opengrail.kafka.sse.internal.source;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Utils;

/**
 * What gives each reading thread its deserializers: what the application supplies, else the classes that the consumer's
 * properties name.
 *
 * <p>Threads: safe; what it gives belongs to the caller, who closes it.
 */
public final class Deserializers {
    private final Map<String, Object> properties;
    private final Supplier<? extends Deserializer<?>> keys;
    private final Supplier<? extends Deserializer<?>> values;

    /**
     * Deserializers.
     *
     * @param properties of the consumers
     * @param keys gives one for the keys, configured already, or {@code null} where the properties decide
     * @param values gives one for the values, configured already, or {@code null} where the properties decide
     */
    public Deserializers(
            Map<String, Object> properties,
            Supplier<? extends Deserializer<?>> keys,
            Supplier<? extends Deserializer<?>> values) {
        this.properties = Map.copyOf(properties);
        this.keys = keys;
        this.values = values;
    }

    /** One instance for all threads, which the application configures and closes itself. */
    public static Supplier<Deserializer<?>> shared(Deserializer<?> instance) {
        Deserializer<?> shared = new Shared(instance);
        return () -> shared;
    }

    /** A deserializer of keys, or {@code null} for the one of strings in UTF-8: its bytes need not be looked at. */
    public Deserializer<?> ofKeys() {
        return keys == null ? ofProperties("key", true) : supplied("key", keys);
    }

    /** A deserializer of values, or {@code null} for the one of strings in UTF-8: its bytes need not be looked at. */
    public Deserializer<?> ofValues() {
        return values == null ? ofProperties("value", false) : supplied("value", values);
    }

    private static Deserializer<?> supplied(String which, Supplier<? extends Deserializer<?>> supplier) {
        return Objects.requireNonNull(supplier.get(), () -> "The supplier of " + which + " deserializers gave null");
    }

    private Deserializer<?> ofProperties(String which, boolean isKey) {
        // Consumers resolve references to config providers themselves, and so does this.
        Map<String, Object> resolved = References.resolve(properties);
        Object type = resolved.getOrDefault(which + ".deserializer", StringDeserializer.class);
        try {
            if (isStringDeserializer(type) && isUtf8(which, resolved)) {
                return null;
            }
            Class<?> loaded = type instanceof Class<?> given
                    ? given
                    : Class.forName(type.toString(), true, Utils.getContextOrKafkaClassLoader());
            Deserializer<?> made =
                    (Deserializer<?>) loaded.getDeclaredConstructor().newInstance();
            configure(made, resolved, isKey);
            return made;
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new KafkaException("Cannot make the " + which + " deserializer " + type, e);
        }
    }

    /** It is made again and again while this fails, and may hold connections. */
    private static void configure(Deserializer<?> made, Map<String, Object> resolved, boolean isKey) {
        try {
            made.configure(resolved, isKey);
        } catch (Throwable e) {
            Utils.closeQuietly(made, "deserializer");
            throw e;
        }
    }

    private static boolean isStringDeserializer(Object type) {
        return type == StringDeserializer.class
                || StringDeserializer.class.getName().equals(type);
    }

    /** The string deserializer has its encoding from these two properties, the special one first. */
    private static boolean isUtf8(String which, Map<String, Object> resolved) {
        Object encoding = resolved.get(which + ".deserializer.encoding");
        if (encoding == null) {
            encoding = resolved.getOrDefault("deserializer.encoding", "UTF-8");
        }
        return Charset.forName(encoding.toString().trim()).equals(StandardCharsets.UTF_8);
    }

    /** A deserializer that stays open when a thread that used it ends. */
    private static final class Shared implements Deserializer<Object> {
        private final Deserializer<?> instance;

        Shared(Deserializer<?> instance) {
            this.instance = instance;
        }

        @Override
        public Object deserialize(String topic, byte[] data) {
            return instance.deserialize(topic, data);
        }

        @Override
        public Object deserialize(String topic, Headers headers, byte[] data) {
            return instance.deserialize(topic, headers, data);
        }
    }
}
