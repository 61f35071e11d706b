/** Decides which frames are for which clients, and which clients a record wakes. */
package com.opengrail.kafka.sse.internal.match;
