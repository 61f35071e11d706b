/** What is counted. */
package com.opengrail.kafka.sse.internal.metrics;
