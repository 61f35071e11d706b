package com.opengrail.kafka.sse.demo.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Several streams in one HTTP/2 connection without TLS, in each distribution. */
class Http2WarIT {
    private static final String STREAM_WINDOW = "jdk.httpclient.windowsize";
    private static final String ENDING = "event: stream-position\ndata: \n\n";
    private static final int OPENED_AND_CLOSED = 60;
    private static final Topics TOPICS = KafkaBroker.shared().topics();

    /** A small window, so that a stream that is not read is full soon. */
    @BeforeAll
    static void setStreamWindow() {
        System.setProperty(STREAM_WINDOW, "65536");
    }

    @AfterAll
    static void clearStreamWindow() {
        System.clearProperty(STREAM_WINDOW);
    }

    /** A client whose one connection has been upgraded, so that it has all that follows. */
    private static HttpClient client(Container container) throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        HttpResponse<Void> page = client.send(
                HttpRequest.newBuilder(container.page("index.html")).build(), HttpResponse.BodyHandlers.discarding());
        assertEquals(HttpClient.Version.HTTP_2, page.version());
        return client;
    }

    private static Http2Stream open(HttpClient client, URI url, String lastEventId) throws Exception {
        Http2Stream stream = Http2Stream.open(client, url, lastEventId, true);
        assertEquals(HttpClient.Version.HTTP_2, stream.head().version());
        stream.awaitText(ENDING);
        return stream;
    }

    private static void produceNumbers(String topic, int from, int to) {
        TOPICS.produce(IntStream.range(from, to)
                .mapToObj(i -> new ProducerRecord<>(topic, "k", Integer.toString(i)))
                .toList());
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    @OnEachDistribution
    void shouldStreamWithoutHeadersOfAConnection(Distribution distribution) throws Exception {
        Container container = Container.of(distribution);
        String topic = TOPICS.create("it-h2", 1);
        try (Http2Stream stream = open(client(container), container.stream(topic), "")) {
            assertEquals(200, stream.head().statusCode());
            HttpHeaders headers = stream.head().headers();
            assertTrue(headers.firstValue("content-type").orElse("").startsWith("text/event-stream"));
            for (String name : List.of("connection", "keep-alive", "transfer-encoding", "upgrade", "content-length")) {
                assertFalse(headers.firstValue(name).isPresent(), name);
            }
            produceNumbers(topic, 0, 2);
            stream.awaitData(2);
            assertTrue(
                    stream.text()
                            .replaceAll("(?m)^:\n", "")
                            .matches("retry: [0-9]+\n\nid: -1\n" + ENDING
                                    + "id: 0\nevent: k\ndata: 0\n\nid: 1\nevent: k\ndata: 1\n\n"),
                    stream::toString);
        }
    }

    @OnEachDistribution
    void shouldResumeAndGoOnWhereOthersOfTheConnectionAreReset(Distribution distribution) throws Exception {
        Container container = Container.of(distribution);
        String topic = TOPICS.create("it-h2", 1);
        URI url = container.stream(topic);
        HttpClient client = client(container);
        try (Http2Stream lasting = open(client, url, "")) {
            Http2Stream cut = open(client, url, "");
            produceNumbers(topic, 0, 10);
            cut.awaitData(10);
            String id = cut.lastEventId();
            cut.close();
            produceNumbers(topic, 10, 20);
            lasting.awaitData(20);
            try (Http2Stream again = open(client, url, id)) {
                produceNumbers(topic, 20, 30);
                again.awaitData(20);
                lasting.awaitData(30);
                assertEquals(numbers(10, 30), again.data());
                assertEquals(numbers(0, 30), lasting.data());
            }
        }
        container.log().assertQuiet();
    }

    /** The containers' guards against rapid resets, set as docs/containers.md says, leave an honest browser alone. */
    @OnEachDistribution
    void shouldKeepAStreamBesideOthersThatAreOpenedAndClosedAgainAndAgain(Distribution distribution) throws Exception {
        Container container = Container.of(distribution);
        String topic = TOPICS.create("it-h2", 1);
        URI url = container.stream(topic);
        HttpClient client = client(container);
        try (Http2Stream lasting = open(client, url, "")) {
            for (int i = 0; i < OPENED_AND_CLOSED; i++) {
                open(client, url, "").close();
            }
            produceNumbers(topic, 0, 10);
            lasting.awaitData(10);
            assertEquals(numbers(0, 10), lasting.data());
        }
    }

    @OnEachDistribution
    void shouldNotHoldUpAStreamForAnotherOfTheConnectionThatIsNotRead(Distribution distribution) throws Exception {
        Container container = Container.of(distribution);
        String topic = TOPICS.create("it-h2", 1);
        URI url = container.stream(topic);
        HttpClient client = client(container);
        String value = "x".repeat(16 * 1024);
        try (Http2Stream unread = Http2Stream.open(client, url, "", false);
                Http2Stream reader = open(client, url, "")) {
            for (int i = 0; i < 4; i++) {
                TOPICS.produce(IntStream.range(0, 64)
                        .mapToObj(n -> new ProducerRecord<>(topic, "k", value))
                        .toList());
            }
            reader.awaitData(4 * 64);
            assertEquals("", unread.text());
            unread.startReading();
            unread.awaitData(4 * 64);
            // The client may still have to send a window update for the last long event. After a reset that is its
            // error.
            produceNumbers(topic, 0, 1);
            unread.awaitData(4 * 64 + 1);
            reader.awaitData(4 * 64 + 1);
        }
        container.log().assertQuiet();
    }

    @OnEachDistribution
    void shouldEndTheStreamsOfAConnectionWithTheApplication(Distribution distribution) throws Exception {
        Container container = Container.of(distribution);
        String topic = TOPICS.create("it-h2", 1);
        HttpClient client = client(container);
        try (Http2Stream first = open(client, container.stream(topic), "");
                Http2Stream other = open(client, container.stream(topic + "?event=none"), "")) {
            produceNumbers(topic, 0, 1);
            first.awaitData(1);
            container.undeploy();
            for (Http2Stream stream : List.of(first, other)) {
                stream.awaitCleanEnd();
                assertTrue(stream.text().endsWith("id: 0\n" + ENDING), stream::toString);
            }
        } finally {
            container.deploy();
        }
        container.log().assertQuiet();
    }
}
