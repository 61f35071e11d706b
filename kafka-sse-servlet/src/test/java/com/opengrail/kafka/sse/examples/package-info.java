/** Applications that compose their own: compiled with the library, run by {@code ExamplesIT}, quoted in docs. */
package com.opengrail.kafka.sse.examples;
