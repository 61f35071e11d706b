/** Where one client is in a feed: its start, its cursor in the window, and its way back into it from Kafka. */
package com.opengrail.kafka.sse.internal.cursor;
