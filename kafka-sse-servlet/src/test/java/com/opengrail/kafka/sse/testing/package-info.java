/** Clients of the tests: they take the stream as a browser does and need nothing but the JDK. */
package com.opengrail.kafka.sse.testing;
