package com.opengrail.kafka.sse.internal.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * The environment variables of one servlet: those that begin with its prefix. All servlets of a virtual machine share
 * the environment.
 *
 * <p>A variable whose name ends in {@code _FILE} names a file that holds the value.
 */
final class Environment {
    static final String USUAL_PREFIX = "SSE_PROXY_";

    private static final String KAFKA = "KAFKA_";
    static final String FILE = "_FILE";

    /** More than any certificate chain has; a larger file was most likely named by mistake. */
    private static final int MOST_FILE_BYTES = 1 << 20;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final String prefix;
    private final Map<String, String> variables = new TreeMap<>();

    Environment(String prefix, Map<String, String> variables) {
        this.prefix = prefix;
        this.variables.putAll(variables);
        this.variables.keySet().removeIf(name -> !name.startsWith(prefix));
    }

    String prefix() {
        return prefix;
    }

    /** The names of all variables that begin with the prefix, sorted. */
    Collection<String> names() {
        return variables.keySet();
    }

    /** The value of a setting, or {@code null}; a blank one counts as not given. */
    Given of(Setting setting, Collection<String> faults) {
        String name = setting.variable(prefix);
        Given file = ofFile(name, faults);
        String value = variables.getOrDefault(name, "");
        if (file != null && !value.isBlank()) {
            faults.add(bothGiven(name));
        }
        if (file != null) {
            return file.value().isBlank() ? null : file.with(file.value().strip());
        }
        return value.isBlank() ? null : Given.variable(name, value.strip());
    }

    /** A setting that is given elsewhere: no file is read for it. */
    void checkUnused(Setting setting, Collection<String> faults) {
        String name = setting.variable(prefix);
        if (!variables.getOrDefault(name, "").isBlank()
                && !variables.getOrDefault(name + FILE, "").isBlank()) {
            faults.add(bothGiven(name));
        }
    }

    /** Adds the consumer properties by Kafka's names, but those that are given elsewhere: no file is read for them. */
    void addKafkaProperties(Map<String, Given> properties, Collection<String> faults) {
        for (String name : variables.keySet()) {
            if (!isKafkaProperty(name)) {
                continue;
            }
            if (!isFileOfProperty(name)) {
                properties.putIfAbsent(propertyOf(name), Given.variable(name, variables.get(name)));
                continue;
            }
            String variable = name.substring(0, name.length() - FILE.length());
            boolean isNamed = !variables.get(name).isBlank();
            if (isNamed && variables.containsKey(variable)) {
                faults.add(bothGiven(variable));
            } else if (isNamed && !properties.containsKey(propertyOf(variable))) {
                Given file = ofFile(variable, faults);
                if (file != null) {
                    properties.put(propertyOf(variable), file);
                }
            }
        }
    }

    /**
     * True if a variable with the prefix names a consumer property. The variable of the brokers does not: it is a
     * setting.
     */
    boolean isKafkaProperty(String name) {
        String brokers = Setting.KAFKA_BROKER_URL.variable(prefix);
        return name.startsWith(prefix + KAFKA)
                && name.length() > (prefix + KAFKA).length()
                && !name.equals(brokers)
                && !name.equals(brokers + FILE);
    }

    /**
     * True if a variable names the file of a property. The names of some of Kafka's own properties end in the same way.
     */
    private boolean isFileOfProperty(String name) {
        return name.endsWith(FILE)
                && name.length() > (prefix + KAFKA + FILE).length()
                && !ConsumerConfig.configNames().contains(propertyOf(name));
    }

    private String propertyOf(String name) {
        return name.substring((prefix + KAFKA).length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '.');
    }

    /** The content of the file that a variable names, or {@code null} if no file is named or it cannot be read. */
    private Given ofFile(String variable, Collection<String> faults) {
        String name = variable + FILE;
        String file = variables.getOrDefault(name, "").strip();
        if (file.isEmpty()) {
            return null;
        }
        try {
            Path path = Path.of(file);
            // A device may never end, and a pipe may never begin.
            boolean isReadable = !Files.exists(path) || Files.isRegularFile(path);
            String text = isReadable ? text(path) : "";
            String fault = isReadable ? faultIn(text) : "it cannot be read: it is not a regular file";
            if (fault == null) {
                return Given.file(name, file, text.replaceFirst("\\r?\\n\\z", ""));
            }
            faults.add(Given.file(name, file, "").source() + ": " + fault);
        } catch (IOException | InvalidPathException | SecurityException e) {
            // Without the message of the exception, which may quote what the file holds.
            faults.add(Given.file(name, file, "").source() + ": it cannot be read ("
                    + e.getClass().getSimpleName() + ")");
        }
        return null;
    }

    private static String faultIn(String text) {
        if (text == null) {
            return "it is larger than " + MOST_FILE_BYTES + " bytes";
        }
        return text.startsWith(BYTE_ORDER_MARK) ? "it begins with a byte order mark" : null;
    }

    /** The text of a file in UTF-8, or {@code null} if it is too large. */
    private static String text(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MOST_FILE_BYTES + 1);
            return bytes.length > MOST_FILE_BYTES
                    ? null
                    : UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        }
    }

    private static String bothGiven(String variable) {
        return "environment variable \"" + variable + FILE + "\": it is set together with \"" + variable
                + "\"; set only one of the two";
    }
}
