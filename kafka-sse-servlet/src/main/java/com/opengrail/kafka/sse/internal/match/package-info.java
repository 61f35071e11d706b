/** Which frames are for which clients, and whom a record wakes. */
package com.opengrail.kafka.sse.internal.match;
