/** Older than the window: a few consumers, which read for one cursor after the other. */
package com.opengrail.kafka.sse.internal.replay;
