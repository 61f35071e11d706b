package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class KafkaSseHealthTest {

    @Test
    void shouldEscapeWhateverAStringHolds() {
        assertEquals("\"plain\"", KafkaSseHealth.quote("plain"));
        assertEquals("\"\"", KafkaSseHealth.quote(""));
        assertEquals("\"a\\\"b\\\\c\"", KafkaSseHealth.quote("a\"b\\c"));
        assertEquals("\"\\u000a\\u0000\\u001f\\u0009\"", KafkaSseHealth.quote("\n\0\u001f\t"));
        assertEquals("\"äß\u007f€\"", KafkaSseHealth.quote("äß\u007f€"));
        assertEquals("\"\\ud83d\\ude00\\ud83d\"", KafkaSseHealth.quote("😀\ud83d"));
    }

    @Test
    void shouldNotBeReadyWithoutAnEngine() {
        KafkaSseHealth health = new KafkaSseHealth(List.of());
        assertTrue(health.isLive());
        assertFalse(health.isReady(true));
        assertFalse(health.isReady(false));
    }
}
