package com.opengrail.kafka.sse.internal.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.opengrail.kafka.sse.internal.gzip.Compressors;
import com.opengrail.kafka.sse.internal.match.Slice;
import com.opengrail.kafka.sse.internal.match.Turn;
import com.opengrail.kafka.sse.internal.request.HttpRejection;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

/** What the holder of a client finds of the response at its first write. {@code FinishedResponseIT} has real containers. */
class StreamHeadTest {
    private static final byte[] TEXT = {'a', '\n'};

    private final AsyncContext context = mock(AsyncContext.class);
    private final ServletRequest request = mock(ServletRequest.class);
    private final HttpServletResponse response = mock(HttpServletResponse.class);
    private final ServletInputStream in = mock(ServletInputStream.class);
    private final Compressors compressors = new Compressors(1);
    private StreamHead head;

    @BeforeEach
    void setUp() throws IOException {
        when(context.getRequest()).thenReturn(request);
        when(context.getResponse()).thenReturn(response);
        when(request.getInputStream()).thenReturn(in);
        head = new StreamHead(context, compressors);
    }

    private int lengthOfText() {
        Slice slice = new Slice();
        slice.set(TEXT, 0, TEXT.length, 0);
        head.encode(slice, mock(Turn.class), false);
        return slice.length();
    }

    private void assertPlain() {
        assertNull(head.compressors());
        assertEquals(TEXT.length, lengthOfText());
    }

    @Test
    void shouldCompressIfTheHeadersAreItsOwn() {
        head.begin();
        verify(response).setHeader("Content-Encoding", "gzip");
        assertSame(compressors, head.compressors());
        assertTrue(lengthOfText() > TEXT.length);
    }

    @Test
    void shouldNotCompressIfTheHeadersAreOut() {
        when(response.isCommitted()).thenReturn(true);
        head.begin();
        assertPlain();
    }

    /** Decoded once it would still be compressed. */
    @Test
    void shouldNotCompressIfSomebodyElseDoes() {
        when(response.containsHeader("Content-Encoding")).thenReturn(true);
        head.begin();
        verify(response, never()).setHeader(eq("Content-Encoding"), any());
        assertPlain();
    }

    /** As where the container compresses, too. */
    @Test
    void shouldNotCompressIfSomebodyElseDoesAndTheHeadersAreOut() {
        when(response.isCommitted()).thenReturn(true);
        when(response.containsHeader("Content-Encoding")).thenReturn(true);
        head.begin();
        assertPlain();
    }

    /** Where the container calls back within the chain, a filter may send them just now. */
    @Test
    void shouldNotCompressIfTheHeadersGoOutBeforeTheEncodingIsSet() {
        when(response.isCommitted()).thenReturn(false, true);
        head.begin();
        assertPlain();
    }

    @Test
    void shouldCompressIfTheHeadersGoOutAfterTheEncodingIsSet() {
        when(response.isCommitted()).thenReturn(false, true);
        when(response.containsHeader("Content-Encoding")).thenReturn(false, true);
        head.begin();
        assertSame(compressors, head.compressors());
    }

    @Test
    void shouldNotBeginAResponseWhoseInputIsClosed() throws IOException {
        when(response.isCommitted()).thenReturn(true);
        when(in.isFinished()).thenReturn(true);
        when(in.read()).thenThrow(new IOException("closed"));
        assertThrows(IllegalStateException.class, head::begin);
    }

    @Test
    void shouldNotBeginAResponseThatKeepsItsLength() {
        when(response.containsHeader("Content-Length")).thenReturn(true);
        assertThrows(IllegalStateException.class, head::begin);
        verify(response).setContentLengthLong(-1);
    }

    /** It would wait for a client that sends no more. */
    @Test
    void shouldNotReadABodyThatIsNotFinished() throws IOException {
        when(response.isCommitted()).thenReturn(true);
        head.begin();
        verify(in, never()).read();
    }

    @Test
    void shouldNotAskTheInputOfAResponseThatIsItsOwn() throws IOException {
        head.begin();
        verify(request, never()).getInputStream();
    }

    @Test
    void shouldBeginWhereSomebodyHasReadTheRequestAsText() throws IOException {
        when(response.isCommitted()).thenReturn(true);
        when(request.getInputStream()).thenThrow(new IllegalStateException("getReader"));
        head.begin();
        assertPlain();
    }

    @Test
    void shouldDropWhatAFilterHasWrittenAfterTheChain() {
        head.begin();
        InOrder order = inOrder(response);
        order.verify(response).resetBuffer();
        order.verify(response).setHeader("Content-Encoding", "gzip");
    }

    @Test
    void shouldDropItBeforeALateRefusal() {
        head.refuse(new HttpRejection(404, "for the test"));
        verify(response).resetBuffer();
    }

    @Test
    void shouldDropNothingThatIsOut() {
        when(response.isCommitted()).thenReturn(true);
        head.begin();
        verify(response, never()).resetBuffer();
    }

    /** It may have begun the stream with bytes of its own when it was asked for its output. */
    @Test
    void shouldLeaveToAWrapperWhatItHasWritten() {
        when(context.getResponse()).thenReturn(new HttpServletResponseWrapper(response));
        new StreamHead(context, compressors).begin();
        verify(response, never()).resetBuffer();
    }

    @Test
    void shouldBeginAResponseThatCannotDropAnything() {
        doThrow(new IllegalStateException("for the test")).when(response).resetBuffer();
        head.begin();
        verify(response).setHeader("Content-Encoding", "gzip");
    }
}
