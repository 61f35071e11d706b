package com.opengrail.kafka.sse.internal.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CountersTest {
    private final Counters counters = new Counters();

    @Test
    void shouldHaveEveryReasonFromTheStart() {
        assertEquals(
                Set.of(
                        "max-connections",
                        "max-connections-per-address",
                        "max-connections-per-user",
                        "max-feeds",
                        "closing",
                        "400",
                        "403",
                        "404",
                        "405",
                        "406",
                        "500"),
                counters.refused().keySet());
        assertEquals(Set.of(0L), Set.copyOf(counters.refused().values()));
    }

    @Test
    void shouldCountARefusalUnderItsStatus() {
        counters.refused(RefusalReason.ofStatus(403));
        counters.refused(RefusalReason.ofStatus(403));
        counters.refused(RefusalReason.MAX_FEEDS);
        Map<String, Long> refused = counters.refused();
        assertEquals(2, refused.get("403"));
        assertEquals(1, refused.get("max-feeds"));
        assertEquals(0, refused.get("404"));
        assertThrows(IllegalArgumentException.class, () -> RefusalReason.ofStatus(418));
    }
}
