package com.opengrail.kafka.sse;

import com.opengrail.kafka.sse.internal.mapper.MapperList;
import com.opengrail.kafka.sse.internal.position.Start;
import com.opengrail.kafka.sse.internal.settings.Settings;
import com.opengrail.kafka.sse.internal.source.Deserializers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * The part of {@link KafkaSse.Builder} that takes objects instead of settings: deserializers, mappers, the start.
 *
 * @param <B> the builder that each method returns
 */
abstract class KafkaSseEngineBuilder<B> extends KafkaSseSettingsBuilder<B> {
    private final List<SseEventMapper> mappers = new ArrayList<>();
    private boolean defaultMapper = true;
    private boolean unknownMapper;
    private @Nullable Supplier<? extends Deserializer<?>> keyDeserializers;
    private @Nullable Supplier<? extends Deserializer<?>> valueDeserializers;
    private Start start = new Start.Latest();
    private @Nullable String name;

    KafkaSseEngineBuilder() {}

    /**
     * Names the engine. The names of its threads and, unless set otherwise, the {@code client.id}s of its consumers
     * begin with it. The default is {@code kafka-sse-} and a number.
     *
     * @param engineName at most 100 letters, digits, dots, underscores and hyphens; no other open engine may have it
     * @return this builder
     */
    public B name(String engineName) {
        name = Objects.requireNonNull(engineName, "engineName == null");
        return self();
    }

    /**
     * The deserializer of keys, by class. The default is strings in UTF-8. Each thread that reads from Kafka makes an
     * instance of its own, configures it with the consumer's properties and closes it.
     *
     * @param type a public class with a public constructor without parameters
     * @return this builder
     */
    @SuppressWarnings("rawtypes") // Otherwise the class of a generic deserializer could not be given.
    public B keyDeserializer(Class<? extends Deserializer> type) {
        return consumerProperty("key.deserializer", type);
    }

    /**
     * The deserializer of keys, one instance for all threads. It must be thread-safe, which few of Kafka's
     * deserializers promise. The caller configures and closes it.
     *
     * @param safe a deserializer that several threads may use at once
     * @return this builder
     */
    public B keyDeserializer(Deserializer<?> safe) {
        keyDeserializers = Deserializers.shared(Objects.requireNonNull(safe, "safe == null"));
        return self();
    }

    /**
     * The deserializer of keys, one instance for each thread that reads from Kafka. The supplier configures it; the
     * thread closes it.
     *
     * @param supplier called by several threads, at once too; gives a new instance each time
     * @return this builder
     */
    public B keyDeserializerPerThread(Supplier<? extends Deserializer<?>> supplier) {
        keyDeserializers = Objects.requireNonNull(supplier, "supplier == null");
        return self();
    }

    /**
     * The deserializer of values, by class; otherwise like {@link #keyDeserializer(Class)}.
     *
     * @param type a public class with a public constructor without parameters
     * @return this builder
     */
    @SuppressWarnings("rawtypes") // Otherwise the class of a generic deserializer could not be given.
    public B valueDeserializer(Class<? extends Deserializer> type) {
        return consumerProperty("value.deserializer", type);
    }

    /**
     * The deserializer of values, one instance; otherwise like {@link #keyDeserializer(Deserializer)}.
     *
     * @param safe a deserializer that several threads may use at once
     * @return this builder
     */
    public B valueDeserializer(Deserializer<?> safe) {
        valueDeserializers = Deserializers.shared(Objects.requireNonNull(safe, "safe == null"));
        return self();
    }

    /**
     * The deserializer of values, one instance per thread; otherwise like {@link #keyDeserializerPerThread}.
     *
     * @param supplier called by several threads, at once too; gives a new instance each time
     * @return this builder
     */
    public B valueDeserializerPerThread(Supplier<? extends Deserializer<?>> supplier) {
        valueDeserializers = Objects.requireNonNull(supplier, "supplier == null");
        return self();
    }

    /**
     * Appends a mapper to the chain, which begins with the default mapper: event name = key, data = value.
     *
     * @param mapper pure, and safe for several threads
     * @return this builder
     */
    public B mapper(SseEventMapper mapper) {
        mappers.add(Objects.requireNonNull(mapper, "mapper == null"));
        return self();
    }

    /**
     * Appends a mapper that is named as in the setting {@code event-mappers}: {@code mapper("header-event:type")}.
     *
     * @param named a short name with its argument, or a class name
     * @return this builder
     */
    public B mapper(String named) {
        try {
            return mapper(MapperList.mapper(named));
        } catch (IllegalArgumentException e) {
            unknownMapper = true;
            given.fault("mapper \"" + named + "\"", ": " + e.getMessage());
            return self();
        }
    }

    /**
     * Leaves the default mapper out: the first mapper gets an event without name and data.
     *
     * @return this builder
     */
    public B withoutDefaultMapper() {
        defaultMapper = false;
        return self();
    }

    /**
     * Streams start after the newest record unless the request says otherwise. This is the default.
     *
     * @return this builder
     */
    public B startAtLatest() {
        return startAt(new Start.Latest());
    }

    /**
     * Streams start at the oldest record unless the request says otherwise.
     *
     * @return this builder
     */
    public B startAtEarliest() {
        return startAt(new Start.Earliest());
    }

    /**
     * Streams start at the first record not older than an instant, unless the request says otherwise.
     *
     * @param instant not before the epoch
     * @return this builder
     */
    public B startSince(Instant instant) {
        startAt(new Start.Since(Objects.requireNonNull(instant, "instant == null")));
        boolean early = instant.isBefore(Instant.EPOCH);
        given.fault("startSince", early ? " = " + instant + ": it is before the epoch" : null);
        return self();
    }

    private B startAt(Start where) {
        given.fault("startSince", null);
        start = where;
        return self();
    }

    /** Makes the engine, or throws with a line for each fault. */
    final KafkaSse makeEngine() {
        List<String> found = given.faults();
        found.addAll(conflicts());
        String claimed = null;
        try {
            claimed = name == null ? KafkaSseNames.claim() : KafkaSseNames.claim(name);
        } catch (IllegalArgumentException e) {
            found.add(e.getMessage());
        }
        try {
            return makeEngine(claimed, found);
        } catch (RuntimeException | Error e) {
            if (claimed != null) {
                KafkaSseNames.release(claimed);
            }
            throw e;
        }
    }

    private KafkaSse makeEngine(@Nullable String claimed, List<String> found) {
        Map<String, String> named = new HashMap<>(given.byInitParam());
        consumerProperties.forEach((property, value) -> named.put("kafka." + property, text(value)));
        Settings checked = Settings.built(named, consumerProperties, found);
        Deserializers deserializers =
                new Deserializers(checked.consumerProperties(), keyDeserializers, valueDeserializers);
        String engineName = Objects.requireNonNull(claimed, "without a name there is a fault");
        return KafkaSseAssembly.engine(
                checked,
                new KafkaSseAssembly.Composition(
                        new MapperList(defaultMapper, List.copyOf(mappers)),
                        deserializers,
                        start,
                        () -> KafkaSseNames.release(engineName)),
                engineName);
    }

    /** Calls that contradict each other. */
    private List<String> conflicts() {
        List<String> conflicts = new ArrayList<>();
        if (!defaultMapper && mappers.isEmpty() && !unknownMapper) {
            conflicts.add("builder withoutDefaultMapper: it leaves no mapper");
        }
        if (keyDeserializers != null && consumerProperties.containsKey("key.deserializer")) {
            conflicts.add("builder keyDeserializer: it is given as a class and as an object");
        }
        if (valueDeserializers != null && consumerProperties.containsKey("value.deserializer")) {
            conflicts.add("builder valueDeserializer: it is given as a class and as an object");
        }
        return conflicts;
    }

    /** The form of a value in a file of properties. */
    private static String text(Object value) {
        if (value instanceof Class<?> type) {
            return type.getName();
        }
        if (value instanceof Collection<?> elements) {
            return elements.stream().map(KafkaSseEngineBuilder::text).collect(Collectors.joining(","));
        }
        return value.toString();
    }
}
