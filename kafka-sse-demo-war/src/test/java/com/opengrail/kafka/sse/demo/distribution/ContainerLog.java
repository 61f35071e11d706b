package com.opengrail.kafka.sse.demo.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** What a container and the application have logged since the container was started. */
final class ContainerLog {
    /** A level that wants somebody to look, a stack trace, or what Tomcat says of applications that leave something behind. */
    private static final Pattern TROUBLE =
            Pattern.compile("\\b(SEVERE|WARNING|WARN|ERROR)\\b|^\\s+at |Exception|appears to have|ThreadLocal");

    /**
     * What Tomcat says of itself where processors are busy, Open Liberty of a WAR that is replaced or taken away, Payara where
     * it finds the note of the last deployment, and WildFly of its own settings.
     */
    private static final Pattern NO_TROUBLE = Pattern.compile(
            "Creation of SecureRandom instance .* took|CWWKZ0014W|SRVE0095I|NCLS-DEPLOYMENT-02041|WFLYTX0013|WFLYELY00023|WFLYELY01084");

    /**
     * What Jetty says of a write that succeeds after it has reused the response of a stream that was reset. It was seen once;
     * 125,000 resets and cuts did not show it again. No client meets it. A trace with a line of any other code is trouble.
     */
    private static final Pattern LATE_WRITE_OF_JETTY =
            Pattern.compile("(?m)^.*WARN :oejut\\.SerializedInvoker:.*Serialized invocation error *\\R"
                    + "java\\.lang\\.IllegalStateException: s=OPEN,api=BLOCKING,.*\\R"
                    + "(?:\\tat (?:java\\.base/|org\\.eclipse\\.jetty\\.).*(?:\\R|\\z))++(?!\\t|Caused)");

    private final Distribution distribution;
    private final Path base;

    ContainerLog(Distribution distribution, Path base) {
        this.distribution = distribution;
        this.base = base;
    }

    /** Fails if anything went wrong. */
    void assertQuiet() {
        assertEquals(List.of(), trouble(text()), () -> "the log of " + distribution);
    }

    /** The lines of a log that somebody has to look at. */
    static List<String> trouble(String log) {
        return LATE_WRITE_OF_JETTY
                .matcher(log)
                .replaceAll("")
                .lines()
                .filter(line -> TROUBLE.matcher(line).find())
                .filter(line -> !NO_TROUBLE.matcher(line).find())
                .toList();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        try {
            for (Path file : distribution.installation().logs(base)) {
                text.append(Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the log of " + distribution, e);
        }
        return text.toString();
    }
}
