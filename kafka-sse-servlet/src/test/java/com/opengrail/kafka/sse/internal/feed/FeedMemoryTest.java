package com.opengrail.kafka.sse.internal.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.window.EventNames;
import com.opengrail.kafka.sse.internal.window.Window;
import org.junit.jupiter.api.Test;

class FeedMemoryTest {

    /** Requests can start many feeds, and the names of their events are in no window. */
    @Test
    void shouldKeepAQuarterOfTheWindowsMemoryForNames() {
        Window window = mock(Window.class);
        EventNames names = new EventNames(EventFilter.all());
        new FeedMemory(window, null, names, null, null, null).limit(40_000);
        verify(window).limit(40_000);
        for (int i = 0; i < 1_000; i++) {
            names.of(("name" + i).getBytes(UTF_8));
        }
        assertTrue(names.footprint() > 9_000 && names.footprint() <= 10_000, () -> names.footprint() + " bytes");
    }
}
