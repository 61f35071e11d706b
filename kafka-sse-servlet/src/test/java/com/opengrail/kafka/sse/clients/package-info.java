/** The stream as the clients of others follow it. */
package com.opengrail.kafka.sse.clients;
