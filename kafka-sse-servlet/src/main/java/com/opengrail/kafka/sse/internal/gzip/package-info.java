/** Gzip streams for clients that share compressed frames; needs the JDK alone. See docs/compression.md. */
package com.opengrail.kafka.sse.internal.gzip;
