/** The text/event-stream format: knows neither Kafka nor servlets. */
package com.opengrail.kafka.sse.internal.wire;
