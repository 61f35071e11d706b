package com.opengrail.kafka.sse.demo.distribution;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.Topics;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Clients that come back all the time while a server is stopped and started. */
class RestartWarIT {
    private static final Topics TOPICS = KafkaBroker.shared().topics();
    private static final Duration MOST_TO_WAIT = Duration.ofSeconds(20);
    private static final long MILLIS_BETWEEN_CLIENTS = 200;
    private static final int CLIENTS_AFTERWARDS = 10;

    /** What a client got, and how long it waited for that. */
    private record Answer(String firstLine, Duration after) {
        boolean isStream() {
            return firstLine.startsWith("HTTP/1.1 200");
        }
    }

    private final List<Answer> answers = new CopyOnWriteArrayList<>();

    @OnEachDistribution
    void shouldAnswerClientsThatComeWhileTheServerStopsAndStarts(Distribution distribution) throws Exception {
        Container container = Container.start("restarted", distribution);
        URI url = container.stream(TOPICS.create("it-restart", 1));
        ExecutorService clients = Executors.newCachedThreadPool();
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            timer.scheduleAtFixedRate(
                    () -> clients.execute(() -> ask(url)), 0, MILLIS_BETWEEN_CLIENTS, TimeUnit.MILLISECONDS);
            awaitStreams(CLIENTS_AFTERWARDS);
            container.stop();
            container.restart();
            awaitStreams((int) streams() + CLIENTS_AFTERWARDS);
        } finally {
            timer.shutdownNow();
            clients.shutdown();
            assertTrue(clients.awaitTermination(MOST_TO_WAIT.toSeconds(), TimeUnit.SECONDS), answers::toString);
            container.stop();
        }
        assertEquals(
                List.of(),
                answers.stream()
                        .filter(answer -> answer.after().compareTo(MOST_TO_WAIT) > 0)
                        .toList());
    }

    private long streams() {
        return answers.stream().filter(Answer::isStream).count();
    }

    private void awaitStreams(int count) {
        Await.until(count + " streams", Container.LIMIT, () -> streams() >= count, answers::toString);
    }

    /** Asks for the stream, and leaves with the first line of the answer. */
    private void ask(URI url) {
        long start = System.nanoTime();
        String firstLine;
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout((int) Container.LIMIT.toMillis());
            socket.getOutputStream()
                    .write(("GET " + url.getPath() + " HTTP/1.1\r\nHost: " + url.getAuthority()
                                    + "\r\nAccept: text/event-stream\r\n\r\n")
                            .getBytes(US_ASCII));
            byte[] head = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
            firstLine = new String(head, US_ASCII);
        } catch (ConnectException e) {
            // It is not there at the moment.
            return;
        } catch (IOException e) {
            firstLine = e.toString();
        }
        answers.add(new Answer(firstLine, Duration.ofNanos(System.nanoTime() - start)));
    }
}
