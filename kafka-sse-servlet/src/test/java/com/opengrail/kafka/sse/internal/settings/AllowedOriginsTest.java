package com.opengrail.kafka.sse.internal.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedOriginsTest {

    @ParameterizedTest
    @CsvSource({
        "https://example.org, https://example.org, true",
        "https://example.org, https://example.org:443, true",
        "https://example.org:443, https://example.org, true",
        "http://example.org:80, http://example.org, true",
        "https://example.org:80, https://example.org, false",
        "HTTPS://Example.ORG, https://example.org, true",
        "https://example.org, http://example.org, false",
        "https://example.org, https://www.example.org, false",
        "https://example.org, https://example.org.evil.example, false",
        "https://example.org, https://example.org/, false",
        "https://example.org, null, false",
        "https://example.org:8443, https://example.org:8443, true",
        "https://example.org:8443, https://example.org, false",
        "http://[::1]:8080, http://[::1]:8080, true",
        "chrome-extension://abcdef, chrome-extension://abcdef, true",
        "*, https://anything.example, true",
        "*, null, true"
    })
    void shouldCompareOriginsAsBrowsersSerialiseThem(String list, String origin, boolean allowed) {
        assertEquals(allowed, AllowedOrigins.parse(list).allows(origin));
    }

    @Test
    void shouldKnowAnyAndNone() {
        assertTrue(AllowedOrigins.parse(" * ").allowsAny());
        assertFalse(AllowedOrigins.NONE.allows("https://example.org"));
        AllowedOrigins two = AllowedOrigins.parse("https://a.example, http://b.example:80");
        assertFalse(two.allowsAny());
        assertTrue(two.allows("http://b.example"));
        assertEquals(AllowedOrigins.parse("http://b.example,https://a.example:443"), two);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.org", "https://", "https://a/b", "https://*.example.org", "null", "https://a:b",
                "https://user@a", "https://a:99999", "https://bücher.example", "*,https://a", "", "https://a,"
            })
    void shouldRefuseWhatIsNoOrigin(String list) {
        assertThrows(IllegalArgumentException.class, () -> AllowedOrigins.parse(list));
    }
}
