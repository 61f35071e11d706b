/** Older than the window: a few consumers, which read batches for one client after the other. */
package com.opengrail.kafka.sse.internal.replay;
