package com.opengrail.kafka.sse.internal.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Position;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Whom the window serves. */
class WindowTest {
    private static final Layout LAYOUT = new Layout(List.of(new Layout.Topic("orders", new Uuid(1, 2), 2)));

    private static Position at(long... next) {
        return new Position(LAYOUT, next);
    }

    /** The window skips offsets 0 to 56 of partition 1, which a client that is there has not seen. */
    @Test
    void shouldNotLetAClientJoinBeforeTheStartOfAPartition() {
        Window window = new Window(4_000, at(5, 0));
        assertNotNull(window.segmentBefore(at(5, 0)));
        assertNotNull(window.segmentBefore(at(5, 40)));
        window.startPartitions(at(5, 57));
        window.publish();
        assertNull(window.segmentBefore(at(5, 0)));
        assertNull(window.segmentBefore(at(5, 40)));
        assertNotNull(window.segmentBefore(at(5, 57)));
        assertNotNull(window.segmentBefore(at(5, 60)));
        assertEquals(57, window.end().position().next()[1]);
    }
}
