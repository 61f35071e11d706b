package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.servlet.ServletContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.Mockito;

class KafkaSseAssemblyTest {

    /** Kafka's beans, logs and quotas tell applications apart by the client ids. */
    @ParameterizedTest
    @CsvSource({
        "'', kafka-sse, kafka-sse-kafka-sse",
        "/shop, kafka-sse, kafka-sse-shop-kafka-sse",
        "/shop/v2, orders, kafka-sse-shop-v2-orders"
    })
    void shouldNameTheApplicationAndTheServletInClientIds(String contextPath, String servlet, String name) {
        ServletContext context = Mockito.mock(ServletContext.class);
        Mockito.when(context.getContextPath()).thenReturn(contextPath);
        assertEquals(name, KafkaSseAssembly.engineName(context, servlet));
    }
}
