/** Which event names and topics pass: RE2 expressions from strangers, parsed within limits. */
package com.opengrail.kafka.sse.internal.filter;
