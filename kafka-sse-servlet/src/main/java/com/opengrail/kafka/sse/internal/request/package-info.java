/** What a request asks for, and whether it may: HTTP alone, before there is a stream. */
package com.opengrail.kafka.sse.internal.request;
