/** Kafka topics for browsers: what an application registers, configures and extends. */
package com.opengrail.kafka.sse;
