package com.opengrail.kafka.sse.demo.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerLogTest {
    private static final String BEFORE = "2026-11-27 19:39:39.510:INFO :oejs.Server:main: Started\n";
    private static final String LATE_WRITE =
            "2026-11-27 19:39:39.511:WARN :oejut.SerializedInvoker:qtp1-18: Serialized invocation error\n"
                    + "java.lang.IllegalStateException: s=OPEN,api=BLOCKING,sc=true,e=null,wb=oeju.Blocker$Shared@1[c=null]\n"
                    + "\tat org.eclipse.jetty.ee10.servlet.HttpOutput.lockedUpdateApiState(HttpOutput.java:336)\n"
                    + "\tat java.base/java.util.ArrayList.forEach(ArrayList.java:1511)\n";
    private static final String OURS =
            "\tat com.opengrail.kafka.sse.internal.writer.ClientWriter.fail(ClientWriter.java:1)\n";

    @Test
    void shouldFindNothingWhereJettyReportsALateWriteOfItsOwn() {
        assertEquals(List.of(), ContainerLog.trouble(BEFORE + LATE_WRITE + BEFORE + LATE_WRITE));
    }

    @Test
    void shouldFindALateWriteInTheTraceOfWhichIsOtherCode() {
        assertEquals(
                5, ContainerLog.trouble(BEFORE + LATE_WRITE + OURS + BEFORE).size());
        assertEquals(
                6,
                ContainerLog.trouble(LATE_WRITE + OURS + "\tat java.base/x.Y.z(Y.java:1)\n")
                        .size());
        assertEquals(
                5,
                ContainerLog.trouble(LATE_WRITE + "Caused by: java.io.IOException\n" + BEFORE)
                        .size());
    }

    @Test
    void shouldFindAnyOtherTrouble() {
        assertEquals(
                List.of("java.lang.IllegalStateException: s=OPEN,api=ASYNC", "\tat org.eclipse.jetty.X.y(X.java:1)"),
                ContainerLog.trouble(BEFORE + LATE_WRITE
                        + "java.lang.IllegalStateException: s=OPEN,api=ASYNC\n\tat org.eclipse.jetty.X.y(X.java:1)\n"));
    }
}
