package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.Browser;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SessionApplication;
import com.opengrail.kafka.sse.testing.SseClient;
import com.opengrail.kafka.sse.testing.TomcatNode;
import com.opengrail.kafka.sse.testing.Topics;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.catalina.ha.ClusterManager;
import org.apache.catalina.ha.session.BackupManager;
import org.apache.catalina.ha.session.DeltaManager;
import org.junit.jupiter.api.Test;

/** Streams in sessions that nodes of Tomcat share. */
class ReplicatedSessionsIT {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration RECHECK = Duration.ofSeconds(5);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Topics TOPICS = KafkaBroker.shared().topics();
    private static final String POSITION = "event: stream-position\ndata: \n\n";

    private final SessionApplication application = new SessionApplication(TOPICS.create("sessions", 1));

    /** How long a stream lasted, in all and after the invalidation. */
    private record Lasted(Duration inAll, Duration invalid) {}

    @Test
    void shouldEndWithASessionThatAnotherNodeInvalidates() throws Exception {
        Lasted lasted = stream(DeltaManager::new, Duration.ofMinutes(10));
        assertTrue(lasted.invalid().compareTo(SOON) < 0, lasted::toString);
    }

    /** The other node only forgets a session that it kept as a backup. The object of the stream stays valid. */
    @Test
    void shouldEndAfterTheTimeOutWhereTheNodesKeepBackupsOfSessions() throws Exception {
        Duration timeOut = Duration.ofSeconds(5);
        Lasted lasted = stream(BackupManager::new, timeOut);
        assertTrue(lasted.inAll().compareTo(timeOut) >= 0, lasted::toString);
        assertTrue(lasted.inAll().compareTo(timeOut.plus(RECHECK).plus(SOON)) < 0, lasted::toString);
    }

    private Lasted stream(Supplier<ClusterManager> sessions, Duration timeOut) throws Exception {
        int[] ports = {JavaProcess.freePort(), JavaProcess.freePort()};
        try (TomcatNode first =
                        new TomcatNode(0, ports, sessions.get(), context -> application.setUp(context, "first"));
                TomcatNode second =
                        new TomcatNode(1, ports, sessions.get(), context -> application.setUp(context, "second"))) {
            Await.until("the other node", LIMIT, () -> first.hasPeer() && second.hasPeer(), () -> "none");
            AtomicReference<TomcatNode> node = new AtomicReference<>(first);
            Browser browser = new Browser(path -> node.get().uri(path));
            browser.get("/app/page?begin=" + timeOut.toSeconds());
            long opening = System.nanoTime();
            try (SseClient stream = browser.stream("/app/sse")) {
                stream.awaitText(POSITION, LIMIT);
                node.set(second);
                browser.awaitPage("/app/page", "[name]", LIMIT);
                browser.get("/app/page?end");
                long invalidated = System.nanoTime();
                assertEquals("no session", browser.get("/app/page").body());
                stream.awaitEnd(LIMIT);
                assertTrue(stream.rawText().endsWith(POSITION), stream::toString);
                return new Lasted(
                        Duration.ofNanos(stream.endedAt() - opening), Duration.ofNanos(stream.endedAt() - invalidated));
            }
        }
    }
}
