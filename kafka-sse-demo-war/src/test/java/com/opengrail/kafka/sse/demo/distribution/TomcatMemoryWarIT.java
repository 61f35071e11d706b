package com.opengrail.kafka.sse.demo.distribution;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.KafkaBroker;
import com.opengrail.kafka.sse.testing.SseSwarm;
import com.opengrail.kafka.sse.testing.Topics;
import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What a quiet stream costs on Tomcat with the connector of docs/containers.md. */
class TomcatMemoryWarIT {
    private static final Topics TOPICS = KafkaBroker.shared().topics();

    /** For 10,000 the heap has to be larger: {@code -Dtomcat.streams=10000 -Ddistributions.heap=2g}. */
    private static final int STREAMS = Integer.getInteger("tomcat.streams", 1000);

    /** With Tomcat's own settings it is about 105,000. */
    private static final long MOST_BYTES = 95_000;

    @ParameterizedTest
    @EnumSource(names = {"TOMCAT_10_1", "TOMCAT_11"})
    void shouldTakeLessThanWithTheDefaultsOfTomcat(Distribution distribution) throws Exception {
        Container container = Container.of(distribution);
        URI url = container.stream(TOPICS.create("it-quiet", 1));
        // What is loaded and made with the first streams is not theirs.
        open(url, STREAMS / 100).close();
        long before = container.usedHeap();
        try (SseSwarm swarm = open(url, STREAMS)) {
            long bytes = (container.usedHeap() - before) / STREAMS;
            LoggerFactory.getLogger(TomcatMemoryWarIT.class).info("{}: {} bytes a stream", distribution, bytes);
            assertTrue(bytes <= MOST_BYTES, () -> bytes + " bytes a stream, with " + swarm.stats());
        }
    }

    private static SseSwarm open(URI url, int streams) throws Exception {
        SseSwarm swarm = SseSwarm.against(url).connections(streams).start();
        swarm.awaitAllAnswered(Container.LIMIT);
        return swarm;
    }
}
