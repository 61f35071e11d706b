/** The threads of an engine. */
package com.opengrail.kafka.sse.internal.threads;
