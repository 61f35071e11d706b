/** Whether there may be one more stream, and how long it may last: slots, sessions, roles and checks. */
package com.opengrail.kafka.sse.internal.access;
