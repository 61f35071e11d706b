/** Brokers, containers and clients that all fail at random for minutes, and what every client has to have in the end. */
package com.opengrail.kafka.sse.torture;
