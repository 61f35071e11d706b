/** The threads that write to clients, whose turn it is, and the non-blocking writes: knows nothing of requests or feeds. */
package com.opengrail.kafka.sse.internal.writer;
