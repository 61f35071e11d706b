package com.opengrail.kafka.sse.demo;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Invents the events of a small shop. Used by one thread. */
final class DemoEvents {
    private static final List<String> PEOPLE =
            List.of("Ada", "Björn", "Chloé", "Dmitri", "Eszter", "Fatma", "Grace", "Hiroshi", "Inês", "Jürgen");
    private static final List<String> CITIES = List.of("Lisboa", "København", "Kraków", "Izmir", "Zürich", "Galway");
    private static final List<String> GOODS =
            List.of("espresso cups", "walking boots", "desk lamp", "field notes", "rain coat", "oak shelf", "tea pot");
    private static final List<String> CHANGES = List.of("registered", "moved", "verified", "left a review");
    private static final List<String> CHANNELS = List.of("newsletter", "storefront", "search", "radio");

    private final Random random;
    private final Clock clock;
    private long number;

    DemoEvents(Random random, Clock clock) {
        this.random = random;
        this.clock = clock;
    }

    /** The name becomes the record's key, the text its value. */
    record Event(String name, String json) {}

    Event next() {
        int kind = random.nextInt(10);
        Event event = kind < 5 ? order() : kind < 8 ? customer() : campaign();
        number++;
        return event;
    }

    private Event order() {
        int quantity = 1 + random.nextInt(4);
        double price = 4 + random.nextInt(9000) / 100.0;
        return event(
                "order",
                "{\"id\":%d,\"at\":\"%s\",\"customer\":%d,\"paid\":%b,"
                        + "\"lines\":[{\"item\":\"%s\",\"quantity\":%d,\"price\":%.2f}],\"total\":%.2f}",
                number,
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                1 + random.nextInt(500),
                random.nextInt(5) > 0,
                oneOf(GOODS),
                quantity,
                price,
                quantity * price);
    }

    private Event customer() {
        return event(
                "customer",
                "{\"id\":%d,\"name\":\"%s\",\"city\":\"%s\",\"change\":\"%s\"}",
                1 + random.nextInt(500),
                oneOf(PEOPLE),
                oneOf(CITIES),
                oneOf(CHANGES));
    }

    private Event campaign() {
        return event(
                "product-campaign",
                "{\"id\":%d,\"product\":\"%s\",\"channel\":\"%s\",\"discount\":%d,\"ends\":null}",
                number,
                oneOf(GOODS),
                oneOf(CHANNELS),
                5 * (1 + random.nextInt(6)));
    }

    private static Event event(String name, String json, Object... values) {
        return new Event(name, String.format(Locale.ROOT, json, values));
    }

    private String oneOf(List<String> choice) {
        return choice.get(random.nextInt(choice.size()));
    }
}
