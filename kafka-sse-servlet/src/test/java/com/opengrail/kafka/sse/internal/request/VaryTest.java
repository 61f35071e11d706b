package com.opengrail.kafka.sse.internal.request;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

class VaryTest {
    private final HttpServletResponse response = mock(HttpServletResponse.class);

    @Test
    void shouldKeepWhatFiltersHaveNamedAndNameNothingTwice() {
        when(response.getHeaders("Vary")).thenReturn(List.of("accept, Cookie", "Accept-Language"));
        Vary.add(response, "Accept", "Origin");
        verify(response).setHeader("Vary", "accept, Cookie, Accept-Language, Origin");
    }

    @Test
    void shouldAddNothingToAnAnswerThatVariesAnyhow() {
        when(response.getHeaders("Vary")).thenReturn(List.of("*"));
        Vary.add(response, "Origin");
        verify(response).setHeader("Vary", "*");
    }
}
