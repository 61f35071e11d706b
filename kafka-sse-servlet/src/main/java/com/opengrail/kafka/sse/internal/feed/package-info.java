/** The topics of one subscription as one sequence of frames: read once, kept for a while, followed by many. */
package com.opengrail.kafka.sse.internal.feed;
