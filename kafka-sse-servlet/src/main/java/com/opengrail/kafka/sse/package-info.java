/** Streams Kafka topics to browsers. Applications register, configure and extend these types. */
@NullMarked
package com.opengrail.kafka.sse;

import org.jspecify.annotations.NullMarked;
