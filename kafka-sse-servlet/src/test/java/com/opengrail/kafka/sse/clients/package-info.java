/** The stream as the clients of others follow it, and behind the proxies of others. */
package com.opengrail.kafka.sse.clients;
