/** The threads of an engine, and whose turn it is. */
package com.opengrail.kafka.sse.internal.threads;
