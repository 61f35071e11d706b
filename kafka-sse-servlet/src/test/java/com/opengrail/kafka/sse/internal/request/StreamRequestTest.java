package com.opengrail.kafka.sse.internal.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.ClientFilters;
import com.opengrail.kafka.sse.StreamOptions;
import com.opengrail.kafka.sse.internal.filter.EventFilter;
import com.opengrail.kafka.sse.internal.position.Layout;
import com.opengrail.kafka.sse.internal.position.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request may ask for (docs/configuration.md), and how it is refused. */
class StreamRequestTest {
    private static final CallOptions BY_REQUEST = new CallOptions(StreamOptions.defaults(), true);

    private static String refused(String request) {
        return Requests.refused(FuzzedRequest.of(request), BY_REQUEST, Requests.rules());
    }

    private static Start start(String request) throws HttpRejection {
        return Requests.read(request).start();
    }

    @Test
    void shouldTakeTopicsFromThePathOrTheParameter() throws HttpRejection {
        assertEquals(List.of("orders"), Requests.read("").topics());
        assertEquals(List.of("a", "b"), Requests.read("topic=b,a,b").topics());
        assertEquals(List.of("a", "b"), Requests.read("path=/b,a").topics());
        assertEquals(List.of("a"), Requests.read("path=/a\ntopic=").topics());
        assertEquals(List.of("orders"), Requests.read("path=/\ntopic=").topics());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "path=/ payroll",
                "path=/payroll\u001f",
                "topic= a",
                "topic=a, b",
                "topic=a,,b",
                "path=/a/b",
                "path=/a/",
                "topic=a\ntopic=a",
                "topic=\ntopic=a",
                "path=/a\ntopic=a",
                "Topic=a",
                "Topic=a\ntopic=b",
                "path=/a\nTOPIC=b",
                "topic =a",
                "topic=a,b,c,d"
            })
    void shouldRefuseTopicsThatAreNotPlainlyNamed(String request) {
        assertTrue(refused(request).startsWith("400 "), refused(request));
    }

    /** An empty value counts as absent: it must not hide another one, or the stream would start at the end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "offset=\noffset=3",
                "since=\nsince=0",
                "last-event-id=\nlast-event-id=3",
                "lastEventId=\nlastEventId=3",
                "last-event-id=\noffset=\noffset=3"
            })
    void shouldLookPastEmptyValues(String request) throws HttpRejection {
        String plain = request.replaceAll("[A-Za-z-]+=\n", "");
        assertEquals(comparable(Requests.read(plain).start()), comparable(start(request)));
        assertNotEquals(Requests.read("").start(), start(request));
    }

    /** The same for equal starts: an id is told by its offset. */
    private static Object comparable(Start start) {
        Layout.Topic orders = new Layout.Topic("orders", Uuid.ZERO_UUID, 1);
        return start instanceof Start.After after ? "after " + after.id().next(orders, 0) : start;
    }

    /** Who asks for a name gets no other events, though the name is only a space. */
    @Test
    void shouldRefuseAFilterThatIsBlank() throws HttpRejection {
        assertEquals("400 filter[event]: an empty expression in \" \"", refused("filter[event]= "));
        assertEquals("400 filter[event]: an empty expression in \" \"", refused("event= "));
        assertEquals(EventFilter.all(), Requests.read("event=").filter());
    }

    @Test
    void shouldNotLookAtTheRequestWhereCodeNamesTheTopics() throws HttpRejection {
        CallOptions code = Requests.byCode(List.of("d", "c", "b", "a"));
        StreamRequest request = StreamRequest.of(FuzzedRequest.of("topic=secret"), code, Requests.rules());
        assertEquals(List.of("a", "b", "c", "d"), request.topics());
        assertEquals(
                "400 This is not a topic name: letters, digits, '.', '_' and '-', at most 249",
                Requests.refused(FuzzedRequest.of(""), Requests.byCode(List.of("a,payroll")), Requests.rules()));
        assertEquals(
                "403 The topic is not allowed",
                Requests.refused(FuzzedRequest.of(""), Requests.byCode(List.of("secret")), Requests.rules()));
    }

    @Test
    void shouldLeaveThePathToThePageOfAFilter() throws HttpRejection {
        CallOptions parameter = new CallOptions(StreamOptions.defaults(), false);
        assertEquals(
                List.of("a"),
                StreamRequest.of(FuzzedRequest.of("path=/page\ntopic=a"), parameter, Requests.rules())
                        .topics());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "last-event-id=4",
                "lastEventId=4",
                "LASTEVENTID=4",
                "Last-Event-ID=4",
                "lasteventid=4",
                "Last-Event-ID: 4"
            })
    void shouldKnowTheIdHoweverPolyfillsWriteTheParameter(String request) throws HttpRejection {
        assertAfter("4", request);
    }

    private static void assertAfter(String id, String request) throws HttpRejection {
        assertInstanceOf(Start.After.class, start(request));
        assertEquals("last-event-id=" + id, Requests.read(request).from());
    }

    @Test
    void shouldPreferTheHeaderToTheParameterToTheOffsetToTheTime() throws HttpRejection {
        String all = "Last-Event-ID: 1\nlast-event-id=x\noffset=x\nsince=x";
        assertAfter("1", all);
        String id = "Last-Event-ID: \nlastEventId=2\noffset=x\nsince=x";
        assertAfter("2", id);
        assertAfter("3", "Last-Event-ID: \nLast-Event-ID: 3\nLast-Event-ID: 4\nlast-event-id=x");
        assertEquals(new Start.AtOffset(3), start("last-event-id=\noffset=3\nsince=x"));
        assertEquals(new Start.Since(Instant.ofEpochSecond(5)), start("lastEventId=\noffset=\nsince=5"));
        assertEquals(new Start.Latest(), start("offset=\nsince="));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-2", "1.5", "abc", "9223372036854775807", "?", "\u00e4"})
    void shouldNotRefuseAnIdThatABrowserRemembers(String id) throws HttpRejection {
        assertEquals(new Start.UnknownId(), start("Last-Event-ID: " + id));
        assertEquals(new Start.UnknownId(), start("topic=a,b\nLast-Event-ID: " + id));
        String reason = refused("lastEventId=" + id);
        assertTrue(reason.startsWith("400 last-event-id '"), reason);
    }

    @ParameterizedTest
    @CsvSource({"latest, 0", "earliest, 0", "0, 0", "9223372036854775806, 0", "-10, 10", "-0, 0"})
    void shouldUnderstandOffsets(String offset, long records) throws HttpRejection {
        Start start = start("offset=" + offset);
        if (offset.startsWith("-")) {
            assertEquals(new Start.BeforeEnd(records), start);
        }
        assertEquals(new Start.AtOffsets(Map.of(0, 12L, 1, 55L)), start("offset=0:12,1:55"));
        assertEquals(new Start.BeforeEnd(7), start("topic=a,b\noffset=-7"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "first",
                "+1",
                "9223372036854775807",
                "-9223372036854775808",
                "--1",
                "-",
                "1.5",
                "0:1,0:2",
                "0:-1",
                "-1:0",
                "0:9223372036854775807",
                "12 ",
                "--0",
                "-+1",
                "0:-0",
                "0:+1",
                "+0:1",
                "\u0661\u0662",
                "-\u0661",
                "\uff11",
                "0:\u0661",
                "\u0660:1",
                "0:\uff11"
            })
    void shouldRefuseOffsetsThatAreNone(String offset) {
        assertTrue(refused("offset=" + offset).startsWith("400 offset "), refused("offset=" + offset));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-23T10:15:30Z, 2026-11-23T10:15:30Z",
        "2026-11-23T10:15:30+01:00, 2026-11-23T09:15:30Z",
        "2026-11-23T10:15:30 01:00, 2026-11-23T09:15:30Z",
        "2026-11-23T10:15:30-01:00, 2026-11-23T11:15:30Z",
        "2026-11-23T10:15:30+0100, 2026-11-23T09:15:30Z",
        "2026-11-23T10:15:30 0100, 2026-11-23T09:15:30Z",
        "2026-11-23T10:15:30.25-0130, 2026-11-23T11:45:30.250Z",
        "2026-11-23T10:15:30+01, 2026-11-23T09:15:30Z",
        "2026-11-23T10:15+0100, 2026-11-23T09:15:00Z",
        "2026-11-23T10:15Z, 2026-11-23T10:15:00Z",
        "2026-11-23T10:15:30+01:00:30, 2026-11-23T09:15:00Z",
        "2026-11-23t10:15:30z, 2026-11-23T10:15:30Z",
        "1795694400, 2026-11-26T12:00:00Z",
        "1795694400000, 2026-11-26T12:00:00Z",
        "99999999999, 5138-11-16T09:46:39Z",
        "100000000000, 1973-03-03T09:46:40Z",
        "PT15M, 2026-11-26T11:45:00Z",
        "P1DT2H, 2026-11-25T10:00:00Z",
        "PT0.5S, 2026-11-26T11:59:59.500Z",
        "P999999D, 1970-01-01T00:00:00Z",
        "P1W, 2026-11-19T12:00:00Z",
        "p2w, 2026-11-12T12:00:00Z",
        "P1W1DT2H, 2026-11-18T10:00:00Z",
        "P999999W, 1970-01-01T00:00:00Z",
        "1000-01-01T00:00:00Z, 1970-01-01T00:00:00Z"
    })
    void shouldUnderstandTimes(String since, Instant instant) throws HttpRejection {
        assertEquals(new Start.Since(instant), start("since=" + since));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yesterday",
                "-1",
                "2026-13-01T00:00:00Z",
                "2026-11-23",
                "1e9",
                "PT",
                "-PT15M",
                "PT-15M",
                "P1Y",
                "15M",
                "PT99999999999999999999H",
                "1234567890123456789012",
                "2026-11-23 10:15:30Z",
                "P1M",
                "P1Y2M3D",
                "PW",
                "P1WT",
                "P-1W",
                "P1W1W",
                "P1.5W",
                "P\u0661W",
                "P99999999999999999999W",
                "2026-11-23T10:15:30",
                "2026-02-30T10:15:30Z",
                "2026-11-23T10:15:30+9900",
                "2026-11-23T10:15:30+01000",
                "2026-11-23T10:15:30Z0100"
            })
    void shouldRefuseTimesThatAreNone(String since) {
        assertTrue(refused("since=" + since).startsWith("400 since "), refused("since=" + since));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1Y", "P1M", "p3m", "P1Y2M3DT4H", "P1M2W"})
    void shouldSayWhyItTakesNoYearsAndMonths(String since) {
        String reason = refused("since=" + since);
        assertEquals(
                "400 since '" + since + "' has years or months, which differ in length;"
                        + " use weeks, days, hours, minutes or seconds",
                reason);
    }

    @Test
    void shouldTakeTheNameOfTheEventThatEndsThePast() throws HttpRejection {
        assertEquals(
                Optional.of("caught up"), Requests.read("live-event=caught up").liveEvent());
        assertEquals(Optional.empty(), Requests.read("live-event=").liveEvent());
        for (String name : List.of("open", "error", "stream-gap", "where", "a\u2028b", "a\u0000", "x".repeat(201))) {
            assertTrue(refused("live-event=" + name).startsWith("400 live-event "), name);
        }
    }

    @Test
    void shouldTakeTheFiltersThatTheServerTakes() throws HttpRejection {
        assertTrue(Requests.read("event=a.c\nfilter[event]=x").filter().matches("abc"));
        RequestRules literal = Requests.rules(ClientFilters.LITERAL, new TopicRoles(topic -> Set.of()));
        StreamRequest request = StreamRequest.of(FuzzedRequest.of("event=a.c,b*"), BY_REQUEST, literal);
        assertFalse(request.filter().matches("abc"));
        assertTrue(request.filter().matches("bc"));
        RequestRules none = Requests.rules(ClientFilters.NONE, new TopicRoles(topic -> Set.of()));
        assertEquals(
                "400 filter[event]: this server takes no filters",
                Requests.refused(FuzzedRequest.of("event=a"), BY_REQUEST, none));
        assertTrue(StreamRequest.of(FuzzedRequest.of("event="), BY_REQUEST, none)
                .filter()
                .matchesEverything());
        String large = refused("event=(a?){300}b");
        assertTrue(large.startsWith("400 filter[event]: ") && large.contains("256"), large);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "filter[data]",
                "filter[Event]",
                "filter[event] ",
                "Filter[event]",
                "FILTER[EVENT]",
                " filter[event]",
                "\tFilter[data]"
            })
    void shouldRefuseFiltersThatItWouldNotApply(String name) {
        String reason = refused("event=a\n" + name + "=b");
        assertTrue(reason.startsWith("400 Unknown parameter '" + name.replace('\t', ' ')), reason);
        assertTrue(reason.endsWith("': the only filter is filter[event]"), reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Event", "EVENT", " event", "event ", "Offset", "OFFSET", "offset\t", "Since", " since"})
    void shouldRefuseOtherSpellingsOfWhatNarrowsAStream(String name) {
        String known = name.strip().toLowerCase(Locale.ROOT);
        String reason = refused(name + "=1");
        assertTrue(reason.startsWith("400 Unknown parameter '"), reason);
        assertTrue(reason.endsWith("': " + known + " is written in lower case, without white space"), reason);
    }

    @Test
    void shouldLeaveOutParametersThatAreNotItsOwn() throws HttpRejection {
        StreamRequest request = Requests.read("_=123\nevents=a\nfilter=b\nafter=c\n=d\nLimit=5");
        assertTrue(request.filter().matchesEverything());
        assertEquals(new Start.Latest(), request.start());
        assertAfter("4", "Last-Event-ID: 4\nOffset=1\nSince=1");
    }

    @Test
    void shouldSayNothingOfWhatTheRequestDoesNotName() {
        RequestRules rules = Requests.rules();
        for (String request : List.of("lastEventId=AQID", "offset=0:1", "last-event-id=x")) {
            for (List<String> topics : List.of(List.of("hidden-1", "hidden-2"), List.of("hidden-1"))) {
                String reason = Requests.refused(FuzzedRequest.of(request), Requests.byCode(topics), rules);
                assertTrue(reason.startsWith("understood") || !reason.contains("hidden"), reason);
                assertFalse(reason.contains(" 2 "), reason);
            }
        }
    }

    @Test
    void shouldReadTheTimeFromItsClockAlone() throws HttpRejection {
        assertEquals(new Start.Since(Requests.NOW.minus(Duration.ofHours(1))), start("since=PT1H"));
    }
}
