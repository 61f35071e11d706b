/** Mappers that need no code of the application's, and how mappers are named in settings. */
package com.opengrail.kafka.sse.internal.mapper;
