/** An application with Spring Boot: run by {@code SpringBootIT}, quoted in docs/embedding.md. */
package com.opengrail.kafka.sse.examples.boot;
