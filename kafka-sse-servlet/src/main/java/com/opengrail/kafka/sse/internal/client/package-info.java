/** One browser: its stream, and the non-blocking writes to it. */
package com.opengrail.kafka.sse.internal.client;
