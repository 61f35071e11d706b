package com.opengrail.kafka.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class KafkaSseHealthReportTest {

    @Test
    void shouldEscapeWhateverAStringHolds() {
        assertEquals("\"plain\"", KafkaSseHealthReport.quote("plain"));
        assertEquals("\"\"", KafkaSseHealthReport.quote(""));
        assertEquals("\"a\\\"b\\\\c\"", KafkaSseHealthReport.quote("a\"b\\c"));
        assertEquals("\"\\u000a\\u0000\\u001f\\u0009\"", KafkaSseHealthReport.quote("\n\0\u001f\t"));
        assertEquals("\"äß\u007f€\"", KafkaSseHealthReport.quote("äß\u007f€"));
        assertEquals("\"😀\"", KafkaSseHealthReport.quote("😀"));
    }

    @Test
    void shouldSendHalfOfACharacterAsAQuestionMark() throws IOException {
        byte[] sent = KafkaSseHealthReport.quote("😀\ud83d!\ude00").getBytes(UTF_8);
        assertEquals("😀?!?", new ObjectMapper().readTree(sent).textValue());
    }

    @Test
    void shouldNotBeReadyWithoutAnEngine() {
        KafkaSseHealthReport report = new KafkaSseHealthReport(List.of());
        assertTrue(report.isLive());
        assertFalse(report.isReady(true));
        assertFalse(report.isReady(false));
    }

    @Test
    void shouldBeReadyUnlessAllFeedsFail() {
        FeedHealth failing = feed(FeedHealth.State.FAILING);
        FeedHealth following = feed(FeedHealth.State.FOLLOWING);
        assertTrue(engine(EngineHealth.State.OPEN).isReady());
        assertTrue(engine(EngineHealth.State.OPEN, failing, following).isReady());
        assertFalse(engine(EngineHealth.State.OPEN, failing, failing).isReady());
        KafkaSseHealthReport report = new KafkaSseHealthReport(List.of(engine(EngineHealth.State.OPEN, failing)));
        assertFalse(report.isReady(true));
        assertTrue(report.isReady(false));
    }

    @Test
    void shouldBeLiveWhileItIsClosedAndNotWhenItIsBroken() {
        assertTrue(engine(EngineHealth.State.CLOSING).isLive());
        assertFalse(engine(EngineHealth.State.CLOSING).isReady());
        assertFalse(engine(EngineHealth.State.BROKEN).isLive());
        assertFalse(engine(EngineHealth.State.BROKEN).isReady());
    }

    @Test
    void shouldTellStrangersTheStatusAlone() {
        assertEquals("{\"status\":\"UP\"}", KafkaSseHealthReport.status(true));
        assertEquals("{\"status\":\"DOWN\"}", KafkaSseHealthReport.status(false));
    }

    @Test
    void shouldTellWhyAFeedFailedAndNameNoHosts() {
        assertFalse(details("").contains("lastError"));
        assertTrue(
                details("Cannot read b, which may not be read").contains("\"Cannot read b, which may not be read\"}"));
        assertTrue(details("org.apache.kafka.common.errors.SaslAuthenticationException: by kafka-1:9092")
                .contains(",\"lastError\":\"SaslAuthenticationException\"}"));
        assertTrue(details("java.lang.OutOfMemoryError").contains(",\"lastError\":\"OutOfMemoryError\"}"));
        assertTrue(details("MyFailure: cannot reach kafka-1.internal").contains("\"lastError\":\"MyFailure\"}"));
        assertTrue(details("de.beispiel.Störung at kafka-1").contains("\"lastError\":\"Störung\"}"));
        assertTrue(details("[kafka-1]").contains("\"lastError\":\"\"}"));
        assertTrue(details("com.example.Outer$Failure: at kafka-1").contains(",\"lastError\":\"Outer$Failure\"}"));
    }

    /** Without it an operator learns no more than that there is no client. */
    @Test
    void shouldTellWhatAFailureComesOfAndNameNoHosts() {
        String noClient = "com.opengrail.kafka.sse.internal.source.NoClientException: Cannot make a client of Kafka: ";
        assertTrue(details(noClient + "java.net.UnknownHostException: kafka-1.internal")
                .contains(",\"lastError\":\"NoClientException (UnknownHostException)\"}"));
        assertTrue(details(noClient + "com.example.Outer$Error").contains("\"NoClientException (Outer$Error)\"}"));
        assertTrue(details(noClient + "no.such.host").contains(",\"lastError\":\"NoClientException\"}"));
        assertTrue(details("org.apache.kafka.common.errors.SaslAuthenticationException: Failed to configure it"
                        + " (javax.security.sasl.SaslException: no password for kafka-1)")
                .contains(",\"lastError\":\"SaslAuthenticationException (SaslException)\"}"));
        assertTrue(details("a.OneException: at a.OneException: x").contains(",\"lastError\":\"OneException\"}"));
    }

    @Test
    void shouldTellWhichPartitionsFailAndWhetherBrokersHoldBackAnswers() throws IOException {
        JsonNode failing = new ObjectMapper().readTree(details("")).at("/engines/0/feeds/0");
        assertEquals("a-0,b-*", failing.get("failingPartitions").textValue());
        assertTrue(failing.get("throttled").booleanValue());
        KafkaSseHealthReport well =
                new KafkaSseHealthReport(List.of(engine(EngineHealth.State.OPEN, feed(FeedHealth.State.FOLLOWING))));
        assertTrue(well.details(true).contains(",\"failingPartitions\":\"\",\"throttled\":false}"));
    }

    private static String details(String lastError) {
        FeedHealth feed = new FeedHealth(
                List.of("a", "b"),
                FeedHealth.State.FAILING,
                1,
                OptionalLong.empty(),
                Optional.empty(),
                1,
                List.of("a-0", "b-*"),
                true,
                lastError);
        return new KafkaSseHealthReport(List.of(engine(EngineHealth.State.OPEN, feed))).details(false);
    }

    private static EngineHealth engine(EngineHealth.State state, FeedHealth... feeds) {
        return new EngineHealth("engine", state, 0, List.of(feeds));
    }

    private static FeedHealth feed(FeedHealth.State state) {
        return new FeedHealth(
                List.of("orders"), state, 1, OptionalLong.empty(), Optional.empty(), 0, List.of(), false, "");
    }
}
