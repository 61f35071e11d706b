package com.opengrail.kafka.sse.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * The variables of the servlet, read as the servlet does, so that the producer writes where the servlet reads. What is
 * wrong with them in other ways, the servlet tells when it starts.
 */
record ServletVariables(Map<String, String> environment) {
    private static final String KAFKA = "SSE_PROXY_KAFKA_";
    private static final String FILE = "_FILE";

    /** The value of a variable or of the file that it names; empty where it is blank. */
    Optional<String> value(String name) {
        Optional<String> value = given(name);
        Optional<String> file = given(name + FILE);
        if (value.isPresent() && file.isPresent()) {
            throw bothGiven(name);
        }
        return file.map(path -> content(name + FILE, path).strip())
                .filter(text -> !text.isEmpty())
                .or(() -> value);
    }

    /**
     * The properties for the producer and its admin client: all but those that the consumer alone has. Properties that
     * Kafka does not know are those of config providers and log-in modules.
     */
    Map<String, String> producerProperties() {
        Map<String, String> properties = new HashMap<>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith(KAFKA)
                    && !variable.equals(ProducerSettings.BROKERS)
                    && !variable.equals(ProducerSettings.BROKERS + FILE)) {
                addProperty(properties, variable, value);
            }
        });
        properties.keySet().removeIf(ServletVariables::isOfConsumerAlone);
        return properties;
    }

    private void addProperty(Map<String, String> properties, String variable, String value) {
        String property = property(variable);
        // The names of some of Kafka's own properties end in the same way.
        if (!property.endsWith(".file") || ConsumerConfig.configNames().contains(property)) {
            properties.put(property, value);
        } else if (!value.isBlank()) {
            String named = variable.substring(0, variable.length() - FILE.length());
            if (environment.containsKey(named)) {
                throw bothGiven(named);
            }
            properties.put(property(named), content(variable, value.strip()));
        }
    }

    private static String property(String variable) {
        return variable.substring(KAFKA.length()).toLowerCase(Locale.ROOT).replace('_', '.');
    }

    private static boolean isOfConsumerAlone(String property) {
        // A producer has interceptors too, but of another class.
        return property.equals(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG)
                || ConsumerConfig.configNames().contains(property)
                        && !ProducerConfig.configNames().contains(property);
    }

    private Optional<String> given(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** Without the line end at the end. */
    private static String content(String variable, String file) {
        try {
            // A device may never end, and a pipe may never begin.
            if (!Files.isRegularFile(Path.of(file))) {
                throw new IOException("no regular file");
            }
            return Files.readString(Path.of(file)).replaceFirst("\\r?\\n\\z", "");
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "environment variable " + variable + " is \"" + file + "\"; this file cannot be read", e);
        }
    }

    private static IllegalArgumentException bothGiven(String variable) {
        return new IllegalArgumentException("environment variable " + variable + FILE + " is set together with "
                + variable + "; set only one of the two");
    }
}
