/** The demo application: a page on the stream servlet, and a producer that gives it something to show. */
package com.opengrail.kafka.sse.demo;
