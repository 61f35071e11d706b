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

/**
 * Composes a {@link KafkaSse}. Everything is optional: what is not said has the default of the setting of the same name,
 * and environment variables are not looked at. What is said twice counts as said last; mappers add up.
 *
 * <p>Values are checked by {@link #build()}, which names all that is wrong in one message; only {@code null} is refused at
 * once, with a {@link NullPointerException}. A builder may be used again for another engine.
 *
 * <p>Threads: not safe.
 */
public final class KafkaSseBuilder {
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, Object> kafkaOptions = new HashMap<>();
    private final List<SseEventMapper> mappers = new ArrayList<>();
    private final List<String> mapperFaults = new ArrayList<>();
    private boolean defaultMapper = true;
    private Supplier<? extends Deserializer<?>> keyDeserializers;
    private Supplier<? extends Deserializer<?>> valueDeserializers;
    private Start start = new Start.Latest();
    private String name;

    KafkaSseBuilder() {}

    /**
     * Names the engine: the names of its threads and, unless set otherwise, the {@code client.id}s of its consumers begin
     * with it. Without a name it gets {@code kafka-sse-} and a number.
     *
     * @param engineName at most 100 letters, digits, dots, underscores and hyphens; no other engine that is open may have
     *     it
     * @return this builder
     */
    public KafkaSseBuilder name(String engineName) {
        name = Objects.requireNonNull(engineName, "engineName == null");
        return this;
    }

    /**
     * What is streamed when a request names no topic: several are one merged stream. Setting {@code topic}.
     *
     * @param names of topics
     * @return this builder
     */
    public KafkaSseBuilder topics(String... names) {
        return list("topic", names);
    }

    /**
     * What a request may name, besides the topics streamed by default. Setting {@code allowed-topics}.
     *
     * @param namesOrExpressions names, or RE2 expressions that have to match a whole name; a comma separates, {@code \,} is
     *     one inside an expression
     * @return this builder
     */
    public KafkaSseBuilder allowedTopics(String... namesOrExpressions) {
        return list("allowed-topics", namesOrExpressions);
    }

    /**
     * The bootstrap brokers. Setting {@code kafka-broker-url}.
     *
     * @param hostsAndPorts host:port, comma separated
     * @return this builder
     */
    public KafkaSseBuilder kafkaBrokerUrl(String hostsAndPorts) {
        return set("kafka-broker-url", hostsAndPorts);
    }

    /**
     * A property of the Kafka consumer, as Kafka names it. Setting {@code kafka.NAME}; what is refused there is refused
     * here.
     *
     * @param property the name, {@code security.protocol} for instance
     * @param value text, or what Kafka takes besides for this property: a number, a class, a list
     * @return this builder
     */
    public KafkaSseBuilder kafkaOption(String property, Object value) {
        Objects.requireNonNull(property, "property == null");
        kafkaOptions.put(property, Objects.requireNonNull(value, () -> property + " == null"));
        return this;
    }

    /**
     * What keys are deserialized with before a mapper sees them, strings in UTF-8 if not said. Each thread that reads from
     * Kafka makes an instance of its own, configures it with the consumer's properties and closes it.
     *
     * @param type a public class with a public constructor without parameters
     * @return this builder
     */
    @SuppressWarnings("rawtypes") // Otherwise the class of a generic deserializer could not be given.
    public KafkaSseBuilder keyDeserializer(Class<? extends Deserializer> type) {
        return kafkaOption("key.deserializer", type);
    }

    /**
     * One instance for keys, used by all threads that read from Kafka at the same time: it must be safe for that, which few
     * of Kafka's say of themselves. It is the caller's: neither configured nor closed here.
     *
     * @param safe a deserializer that several threads may use at once
     * @return this builder
     */
    public KafkaSseBuilder keyDeserializer(Deserializer<?> safe) {
        keyDeserializers = Deserializers.shared(Objects.requireNonNull(safe, "safe == null"));
        return this;
    }

    /**
     * Makes an instance for keys for each thread that reads from Kafka, each time it starts to. It comes configured and is
     * closed by that thread.
     *
     * @param supplier called by several threads, at once too; gives a new instance each time
     * @return this builder
     */
    public KafkaSseBuilder keyDeserializerPerThread(Supplier<? extends Deserializer<?>> supplier) {
        keyDeserializers = Objects.requireNonNull(supplier, "supplier == null");
        return this;
    }

    /**
     * What values are deserialized with; else as {@link #keyDeserializer(Class)}.
     *
     * @param type a public class with a public constructor without parameters
     * @return this builder
     */
    @SuppressWarnings("rawtypes") // Otherwise the class of a generic deserializer could not be given.
    public KafkaSseBuilder valueDeserializer(Class<? extends Deserializer> type) {
        return kafkaOption("value.deserializer", type);
    }

    /**
     * One instance for values; else as {@link #keyDeserializer(Deserializer)}.
     *
     * @param safe a deserializer that several threads may use at once
     * @return this builder
     */
    public KafkaSseBuilder valueDeserializer(Deserializer<?> safe) {
        valueDeserializers = Deserializers.shared(Objects.requireNonNull(safe, "safe == null"));
        return this;
    }

    /**
     * Makes an instance for values for each thread; else as {@link #keyDeserializerPerThread}.
     *
     * @param supplier called by several threads, at once too; gives a new instance each time
     * @return this builder
     */
    public KafkaSseBuilder valueDeserializerPerThread(Supplier<? extends Deserializer<?>> supplier) {
        valueDeserializers = Objects.requireNonNull(supplier, "supplier == null");
        return this;
    }

    /**
     * Appends a mapper to the chain, which begins with the default mapper: event name = key, data = value.
     *
     * @param mapper pure, and safe for several threads
     * @return this builder
     */
    public KafkaSseBuilder mapper(SseEventMapper mapper) {
        mappers.add(Objects.requireNonNull(mapper, "mapper == null"));
        return this;
    }

    /**
     * Appends a mapper that is named as in the setting {@code event-mappers}: {@code mapper("header-event:type")}.
     *
     * @param named a short name with its argument, or a class name
     * @return this builder
     */
    public KafkaSseBuilder mapper(String named) {
        try {
            return mapper(MapperList.mapper(named));
        } catch (IllegalArgumentException e) {
            mapperFaults.add("builder mapper: " + e.getMessage());
            return this;
        }
    }

    /**
     * Leaves the default mapper out: the first mapper gets an event without name and data.
     *
     * @return this builder
     */
    public KafkaSseBuilder withoutDefaultMapper() {
        defaultMapper = false;
        return this;
    }

    /**
     * The events that are streamed at all. Setting {@code event-filter}.
     *
     * @param expressions RE2 expressions, comma separated, of which one has to match the whole event name
     * @return this builder
     */
    public KafkaSseBuilder eventFilter(String expressions) {
        return set("event-filter", expressions);
    }

    /**
     * Streams start after the newest record where a request does not say: the default.
     *
     * @return this builder
     */
    public KafkaSseBuilder startAtLatest() {
        start = new Start.Latest();
        return this;
    }

    /**
     * Streams start at the oldest record where a request does not say.
     *
     * @return this builder
     */
    public KafkaSseBuilder startAtEarliest() {
        start = new Start.Earliest();
        return this;
    }

    /**
     * Streams start at an offset, inclusive, in every partition where a request does not say.
     *
     * @param offset from 0 to 2<sup>63</sup>-2
     * @return this builder
     */
    public KafkaSseBuilder startAtOffset(long offset) {
        start = new Start.AtOffset(offset);
        return this;
    }

    /**
     * Streams start at the first record that is not older where a request does not say.
     *
     * @param instant not before the epoch
     * @return this builder
     */
    public KafkaSseBuilder startSince(Instant instant) {
        start = new Start.Since(Objects.requireNonNull(instant, "instant == null"));
        return this;
    }

    /**
     * When a silent connection gets a keep-alive. Setting {@code keep-alive-millis}.
     *
     * @param millis 0: never
     * @return this builder
     */
    public KafkaSseBuilder keepAliveMillis(long millis) {
        return set("keep-alive-millis", millis);
    }

    /**
     * The reconnection time told to clients, before it is spread. Setting {@code retry-millis}.
     *
     * @param millis 0: none is told
     * @return this builder
     */
    public KafkaSseBuilder retryMillis(long millis) {
        return set("retry-millis", millis);
    }

    /**
     * The most memory for recent events, per combination of topics. Setting {@code window-bytes}.
     *
     * @param bytes 65536 at least
     * @return this builder
     */
    public KafkaSseBuilder windowBytes(long bytes) {
        return set("window-bytes", bytes);
    }

    /**
     * The most concurrent streams. Setting {@code max-connections}.
     *
     * @param connections 0: no limit
     * @return this builder
     */
    public KafkaSseBuilder maxConnections(int connections) {
        return set("max-connections", connections);
    }

    /**
     * The origins whose pages may read the streams. Setting {@code allowed-origins}.
     *
     * @param origins scheme://host or scheme://host:port each, or {@code *} alone
     * @return this builder
     */
    public KafkaSseBuilder allowedOrigins(String... origins) {
        return list("allowed-origins", origins);
    }

    /**
     * Any setting of docs/configuration.md by its name: {@code set("writer-threads", 2)}. Mappers have their own method.
     *
     * @param setting the name of the init-param
     * @param value number or text
     * @return this builder
     */
    public KafkaSseBuilder set(String setting, Object value) {
        Objects.requireNonNull(setting, "setting == null");
        Objects.requireNonNull(value, () -> setting + " == null");
        settings.put(setting, value.toString());
        return this;
    }

    private KafkaSseBuilder list(String setting, String... elements) {
        if (elements.length == 0) {
            settings.remove(setting);
            return this;
        }
        return set(setting, String.join(",", elements));
    }

    /**
     * Makes the engine, which is the caller's to close.
     *
     * @return an engine that follows nothing before its first client
     * @throws IllegalArgumentException if something is wrong: one message with a line for each fault
     */
    public KafkaSse build() {
        List<String> faults = faults();
        String claimed = null;
        try {
            claimed = name == null ? KafkaSseNames.claim() : KafkaSseNames.claim(name);
        } catch (IllegalArgumentException e) {
            faults.add(e.getMessage());
        }
        try {
            return build(claimed, faults);
        } catch (RuntimeException e) {
            if (claimed != null) {
                KafkaSseNames.release(claimed);
            }
            throw e;
        }
    }

    private KafkaSse build(String claimed, List<String> faults) {
        Map<String, String> named = new HashMap<>(settings);
        kafkaOptions.forEach((property, value) -> named.put("kafka." + property, text(value)));
        Settings checked = Settings.built(named, kafkaOptions, faults);
        Deserializers deserializers =
                new Deserializers(checked.consumerProperties(), keyDeserializers, valueDeserializers);
        Runnable release = () -> KafkaSseNames.release(claimed);
        return KafkaSse.create(
                checked,
                new KafkaSse.Composition(defaultMapper, List.copyOf(mappers), deserializers, start, release),
                claimed);
    }

    /** What is wrong beyond the values of single settings. */
    private List<String> faults() {
        List<String> faults = new ArrayList<>(mapperFaults);
        if (!defaultMapper && mappers.isEmpty() && mapperFaults.isEmpty()) {
            faults.add("builder withoutDefaultMapper: it leaves no mapper");
        }
        if (settings.containsKey("event-mappers")) {
            faults.add("builder set(\"event-mappers\"): mappers are given one by one, by mapper");
        }
        if (start instanceof Start.AtOffset at && (at.offset() < 0 || at.offset() == Long.MAX_VALUE)) {
            faults.add("builder startAtOffset = " + at.offset()
                    + ": it is out of range; allowed is a whole number from 0" + " to " + (Long.MAX_VALUE - 1));
        }
        if (start instanceof Start.Since since && since.instant().isBefore(Instant.EPOCH)) {
            faults.add("builder startSince = " + since.instant() + ": it is before the epoch");
        }
        for (String which : List.of("key", "value")) {
            String property = which + ".deserializer";
            boolean asClass = kafkaOptions.containsKey(property) || settings.containsKey("kafka." + property);
            if (asClass && (which.equals("key") ? keyDeserializers : valueDeserializers) != null) {
                faults.add("builder " + which + "Deserializer: it is given as a class and as an object");
            }
        }
        return faults;
    }

    /** What a value is in a file of properties. */
    private static String text(Object value) {
        if (value instanceof Class<?> type) {
            return type.getName();
        }
        if (value instanceof Collection<?> elements) {
            return elements.stream().map(KafkaSseBuilder::text).collect(Collectors.joining(","));
        }
        return value.toString();
    }
}
