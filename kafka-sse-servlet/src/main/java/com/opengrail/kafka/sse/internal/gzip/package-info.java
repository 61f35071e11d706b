/** Gzip streams for clients that share compressed frames. Needs nothing but the JDK. See docs/compression.md. */
package com.opengrail.kafka.sse.internal.gzip;
