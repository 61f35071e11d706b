/** Encoded frames in memory: the window of recent ones, and batches of older ones. */
package com.opengrail.kafka.sse.internal.window;
