package com.opengrail.kafka.sse.testing;

import java.io.IOException;

/**
 * One client of a load as its {@link SwarmSelector} sees it: what it sends, and who takes what it receives.
 *
 * <p>Threads: all methods are called by the thread of the selector.
 */
public interface SwarmClient {

    /** The number of the client, from 0; clients with high numbers come from other loopback addresses. */
    int number();

    /** Whether it sends its request and never reads. */
    boolean isStuck();

    /** The head of the request, asked for at each connection. */
    byte[] request();

    /** Bytes were received: the first {@code count} of the array, which is valid during the call only. */
    void received(byte[] bytes, int count);

    /** Whether the response has ended, although the connection may be open. */
    boolean isComplete();

    /** The server has ended the stream. The client may be opened again. */
    void ended();

    /** The connection could not be made, or has failed. */
    void failed(IOException cause);
}
