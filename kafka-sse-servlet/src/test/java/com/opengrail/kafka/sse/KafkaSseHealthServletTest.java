package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

/** A wrong init-param stops the deployment of the health servlet, as it does that of the others. */
class KafkaSseHealthServletTest {

    private static void init(Map<String, String> initParams) throws ServletException {
        ServletConfig config = Mockito.mock(ServletConfig.class);
        Mockito.when(config.getInitParameterNames()).thenReturn(Collections.enumeration(initParams.keySet()));
        initParams.forEach(
                (name, value) -> Mockito.when(config.getInitParameter(name)).thenReturn(value));
        new KafkaSseHealthServlet().init(config);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "details | yes | it is neither true nor false; allowed is true or false",
                "details | True | it is neither true nor false; allowed is true or false",
                "detials | true | there is no such setting; \"details\" was probably meant",
                "Details | true | there is no such setting; \"details\" was probably meant",
                "topic | orders | there is no such setting; allowed is \"details\"",
            })
    void shouldRefuseAWrongInitParam(String name, String value, String reason) {
        ServletException told = assertThrows(ServletException.class, () -> init(Map.of(name, value)));
        assertEquals(
                "1 setting is wrong:\n  init-param \"" + name + "\" = \"" + value + "\": " + reason, told.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false", " true ", "\n  false\n", "", " "})
    void shouldTakeAFlagWithWhiteSpaceAround(String value) {
        assertDoesNotThrow(() -> init(Map.of("details", value)));
    }

    @Test
    void shouldHideTheValueOfASecret() {
        ServletException told = assertThrows(ServletException.class, () -> init(Map.of("password", "hush")));
        assertEquals(
                "1 setting is wrong:\n  init-param \"password\" (value hidden): there is no such setting;"
                        + " allowed is \"details\"",
                told.getMessage());
    }
}
