/** Logging that is limited in rate. */
package com.opengrail.kafka.sse.internal.log;
