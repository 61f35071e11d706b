/** What every reader of Kafka shares: consumers, and the mappers that make events of records. */
package com.opengrail.kafka.sse.internal.source;
