/** One browser and its stream, from the first block to the last, and all of them together. */
package com.opengrail.kafka.sse.internal.client;
