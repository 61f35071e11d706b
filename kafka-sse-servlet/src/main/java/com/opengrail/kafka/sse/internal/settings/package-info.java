/** What an operator can set: init-params and environment variables become one immutable typed object. */
package com.opengrail.kafka.sse.internal.settings;
