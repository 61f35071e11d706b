package com.opengrail.kafka.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.testing.OnEachContainer;
import com.opengrail.kafka.sse.testing.WebServer;
import jakarta.servlet.ServletException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A wrong setting stops the deployment, and one message says all that is wrong. */
class SettingsDeploymentIT {

    /** Keeps what the container is told. */
    private static final class Watched extends KafkaSseServlet {
        private static final long serialVersionUID = 1L;

        private final transient List<ServletException> thrown = new ArrayList<>();

        @Override
        public void init() throws ServletException {
            try {
                super.init();
            } catch (ServletException e) {
                thrown.add(e);
                throw e;
            }
        }
    }

    private static String message(WebServer.Kind kind, Map<String, String> settings) {
        Watched servlet = new Watched();
        assertThrows(Exception.class, () -> kind.start(0, servlet, settings).close());
        assertEquals(1, servlet.thrown.size());
        return servlet.thrown.get(0).getMessage();
    }

    @OnEachContainer
    void shouldNameTheSettingItsValueItsOriginAndWhatIsAllowed(WebServer.Kind kind) {
        String message = message(kind, Map.of("topic", "t", "keep-alive-millis", "soon"));
        assertEquals(
                "1 setting is wrong:\n  init-param \"keep-alive-millis\" = \"soon\": it is not a whole number;"
                        + " allowed is a whole number from 0 to 3600000",
                message);
    }

    @OnEachContainer
    void shouldNameAllThatIsWrongInOneMessage(WebServer.Kind kind) {
        String message = message(
                kind,
                Map.of("topic", "a b", "retry-milis", "5", "kafka.group.id", "g", "window-bytes", "1", "zzz", "x"));
        assertTrue(message.startsWith("5 settings are wrong:\n"), message);
        for (String part : List.of(
                "\"topic\" = \"a b\"",
                "\"retry-milis\" = \"5\"",
                "\"retry-millis\" was probably meant",
                "kafka.group.id",
                "\"window-bytes\" = \"1\"",
                "from 65536 to",
                "\"zzz\" = \"x\"")) {
            assertTrue(message.contains(part), message);
        }
    }

    @OnEachContainer
    void shouldNameAMapperThatIsNone(WebServer.Kind kind) {
        for (String mapper : List.of("com.example.Missing", "java.lang.String")) {
            String message = message(kind, Map.of("topic", "t", "event-mappers", mapper));
            assertTrue(message.contains("event-mappers") && message.contains(mapper), message);
        }
    }
}
