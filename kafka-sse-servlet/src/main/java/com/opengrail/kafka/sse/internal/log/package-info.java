/** What is logged: at a limited rate, and without secrets. */
package com.opengrail.kafka.sse.internal.log;
