/** Mappers that need no code, and how settings name mappers. */
package com.opengrail.kafka.sse.internal.mapper;
