package com.opengrail.kafka.sse.internal.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.SslConfigs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client of Kafka reads when it is made: what config providers fill in, and key and trust stores. A client that is
 * refused would be refused again unless these have changed.
 *
 * <p>Threads: safe.
 */
final class Credentials {
    private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);

    private static final List<String> STORES =
            List.of(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG);

    private final Map<String, Object> properties;

    /** As of the last time that a client was about to be made. */
    private volatile Optional<Map<String, Object>> read = Optional.empty();

    Credentials(Map<String, Object> properties) {
        this.properties = properties;
    }

    /** A client is about to read them. What changes meanwhile may be read by it, and counts as changed all the same. */
    void areBeingRead() {
        read = current();
    }

    /** False, too, while a provider or a file is away: then no client can be made. Asks the providers. */
    boolean haveChanged() {
        Optional<Map<String, Object>> now = current();
        return now.isPresent() && !now.equals(read);
    }

    private Optional<Map<String, Object>> current() {
        try {
            Map<String, Object> resolved = References.resolve(properties);
            Map<String, Object> all = new HashMap<>(resolved);
            for (String store : STORES) {
                if (resolved.get(store) instanceof String path) {
                    BasicFileAttributes file = Files.readAttributes(Path.of(path.trim()), BasicFileAttributes.class);
                    all.put(store, List.of(path, file.lastModifiedTime(), file.size()));
                }
            }
            return Optional.of(all);
        } catch (RuntimeException | IOException e) {
            LOG.debug("Cannot read what clients log in with", e);
            return Optional.empty();
        }
    }
}
