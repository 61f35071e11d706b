/** Kafka topics for browsers: what an application registers, configures and extends. */
@NullMarked
package com.opengrail.kafka.sse;

import org.jspecify.annotations.NullMarked;
