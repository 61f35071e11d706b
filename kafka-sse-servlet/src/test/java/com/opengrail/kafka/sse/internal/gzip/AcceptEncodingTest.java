package com.opengrail.kafka.sse.internal.gzip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients say about gzip, with what they get. */
class AcceptEncodingTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                 | false
            ' , ,'                             | false
            gzip                               | true
            GZip                               | true
            x-gzip                             | true
            gzip, deflate, br, zstd            | true
            deflate,  gzip ;q=1.0, *;q=0.5     | true
            gzip;q=0.001                       | true
            gzip;q=0.5                         | true
            gzip;Q=0.5                         | true
            gzip; q=1.                         | true
            gzip;q=0                           | false
            gzip;q=0.                          | false
            gzip;q=0.0                         | false
            gzip;q=0.000                       | false
            gzip;q=0, *                        | false
            *, x-gzip;q=0                      | false
            *                                  | true
            *;q=0.1                            | true
            *;q=0                              | false
            identity                           | false
            identity, *;q=0                    | false
            identity;q=1, gzip;q=0.1           | true
            br                                 | false
            gzip, gzip;q=0                     | false
            gzip;q=0, gzip                     | false
            gzip;q=0, x-gzip                   | false
            gzip;q=2                           | false
            gzip;q=1.001                       | false
            gzip;q=-1                          | false
            gzip;q=0.0001                      | false
            gzip;q=                            | false
            gzip;q                             | false
            gzip;                              | false
            gzip;q = 1                         | false
            gzip;level=9                       | false
            gzip;q=1;q=0                       | false
            gzipped                            | false
            'g zip'                            | false
            """)
    void shouldCompressForThoseWhoAcceptIt(String header, boolean takes) {
        assertEquals(takes, AcceptEncoding.takesGzip(header));
    }

    @Test
    void shouldNotReadHeadersOfAnyLength() {
        assertFalse(AcceptEncoding.takesGzip("gzip" + ",".repeat(8192)));
    }
}
