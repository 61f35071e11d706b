package com.opengrail.kafka.sse.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.opengrail.kafka.sse.demo.run.WebServer;
import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.KafkaBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The page in a real browser, on a real topic. */
class PageBrowserIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path FOLDER = Path.of(System.getProperty("demo.folder"));

    /** Notes every row as it comes, in the order of arrival: the list itself is bounded. */
    private static final String RECORD_ROWS = """
            window.rows = [];
            new MutationObserver((changes) => changes.forEach((change) => [...change.addedNodes].reverse()
                .forEach((row) => window.rows.push(`${row.dataset.id} ${row.dataset.event} ${row.dataset.data}`))))
                .observe(document.getElementById('events'), { childList: true });
            """;

    private final KafkaBroker broker = KafkaBroker.shared();
    private final String topic = broker.topics().create("page", 1);
    private final int port = JavaProcess.freePort();
    private WebServer server;
    private ChromeDriver browser;

    @BeforeEach
    void start() throws Exception {
        server = deploy();
        browser = Chromium.start(Files.createTempDirectory(Files.createDirectories(FOLDER), "browser"));
        browser.get(server.url());
        browser.executeScript(RECORD_ROWS);
        await("connected", () -> "open".equals(attribute("state", "data-state")));
    }

    @AfterEach
    void stop() {
        browser.quit();
        server.close();
    }

    @Test
    void events_arrive_and_a_filter_lets_pass_only_what_it_names() throws Exception {
        try (Counting records = Counting.start(broker.topics(), topic)) {
            await(
                    "all kinds of events",
                    () -> rows().stream()
                                    .map(row -> row.split(" ")[1])
                                    .distinct()
                                    .count()
                            == 3);
            Files.write(FOLDER.resolve("page.png"), browser.getScreenshotAs(OutputType.BYTES));

            WebElement filter = browser.findElement(By.id("filter"));
            filter.sendKeys("cust.*,product-campaign");
            filter.sendKeys(Keys.ENTER);
            await("the list of the new filter", () -> !listed().isEmpty() && !listed().contains("order"));
            long from = records.written();
            await("more events", () -> lastId() > from);
            assertEquals(
                    List.of("customer", "product-campaign"),
                    listed().stream().distinct().sorted().toList());
        }
    }

    @Test
    void history_ends_where_the_page_says_and_bytes_are_told() throws Exception {
        try (Counting records = Counting.start(broker.topics(), topic)) {
            await("some history", () -> records.written() > 20);
            browser.findElement(By.cssSelector("#start option[value=earliest]")).click();
            browser.findElement(By.id("toggle")).click();
            await("the end of history", () -> listed().contains("history-ended"));
            await("live events after it", () -> listed().indexOf("history-ended") > 0);
            assertEquals(1, listed().stream().filter("history-ended"::equals).count());
            await("the bytes", () -> text("wire").matches("\\d+ of \\d+ bytes"));
            int[] bytes = Arrays.stream(
                            text("wire").replaceAll("\\D+", " ").strip().split(" "))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            assertTrue(bytes[0] > 0 && bytes[1] > 0, text("wire"));
        }
    }

    @Test
    void the_stream_goes_on_when_the_web_server_restarts() throws Exception {
        try (Counting records = Counting.start(broker.topics(), topic)) {
            await("events", () -> rows().size() > 20);
            server.close();
            await("the loss noticed", () -> "reconnecting".equals(attribute("state", "data-state")));
            long atLoss = records.written();
            await("records written meanwhile", () -> records.written() > atLoss + 20);
            server = deploy();
            await("the reconnect", () -> !"0".equals(text("reconnects")));
            long atReturn = records.written();
            await("events after the restart", () -> lastId() > atReturn + 20);
            long last = records.stop();
            await("the last event", () -> lastId() == last && isNewest(last, rows()));

            List<String> rows = rows();
            long first = Long.parseLong(rows.get(0).split(" ")[0]);
            assertEquals(
                    LongStream.rangeClosed(first, last).mapToObj(Counting::row).toList(), rows);
            assertTrue(first < atLoss, "rows from before the restart are there: the page was not reloaded");
        }
    }

    private WebServer deploy() {
        Map<String, String> environment = Map.of(
                ProducerSettings.TOPIC,
                topic,
                ProducerSettings.BROKERS,
                broker.bootstrapServers(),
                "SSE_PROXY_RETRY_MILLIS",
                "500");
        return WebServer.start(Path.of(System.getProperty("demo.war")), port, environment, FOLDER);
    }

    private void await(String what, Condition condition) {
        new WebDriverWait(browser, LIMIT).withMessage(what).until(driver -> condition.holds());
    }

    private interface Condition {
        boolean holds();
    }

    private String attribute(String id, String name) {
        return browser.findElement(By.id(id)).getDomAttribute(name);
    }

    private String text(String id) {
        return browser.findElement(By.id(id)).getText();
    }

    private long lastId() {
        String id = attribute("last-event-id", "data-value");
        return id.isEmpty() ? -1 : Long.parseLong(id);
    }

    /** Of rows read once: the page has more of them a moment later. */
    private static boolean isNewest(long id, List<String> rows) {
        return rows.get(rows.size() - 1).startsWith(id + " ");
    }

    private List<String> rows() {
        return strings("return window.rows");
    }

    private List<String> listed() {
        return strings("return [...document.querySelectorAll('#events li')].map((row) => row.dataset.event)");
    }

    private List<String> strings(String script) {
        return ((List<?>) browser.executeScript(script))
                .stream().map(String::valueOf).toList();
    }
}
