/** The text/event-stream format. Independent of Kafka and servlets. */
package com.opengrail.kafka.sse.internal.wire;
