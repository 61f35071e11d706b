package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Who makes an engine closes it. */
class KafkaSseOwnerTest {

    @Test
    void shouldBeClosedByNobodyButTheApplication() {
        KafkaSse engine = KafkaSse.builder().build();
        new KafkaSseServlet(engine).destroy();
        new KafkaSseFilter(engine).destroy();
        assertEquals(EngineHealth.State.OPEN, engine.health().state());
        engine.close();
        assertEquals(EngineHealth.State.CLOSING, engine.health().state());
    }
}
