/** The benchmark: the library against a bare server, in processes of their own (docs/performance.md). */
package com.opengrail.kafka.sse.bench;
