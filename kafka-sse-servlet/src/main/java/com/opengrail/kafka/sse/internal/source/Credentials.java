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
 * <p>Threads: safe; does not change.
 */
final class Credentials {
    private static final Logger LOG = LoggerFactory.getLogger(Credentials.class);

    private static final List<String> STORES =
            List.of(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG);

    private final Map<String, Object> properties;
    private final Optional<Map<String, Object>> read;

    private Credentials(Map<String, Object> properties) {
        this.properties = properties;
        this.read = current(properties);
    }

    /** Those that a client with these properties is about to read. What changes until it does counts as changed, too. */
    static Credentials read(Map<String, Object> properties) {
        return new Credentials(properties);
    }

    /** False, too, while a provider is away, or what it reads: then no client can be made. Asks the providers. */
    boolean haveChanged() {
        Optional<Map<String, Object>> now = current(properties);
        return now.isPresent() && !now.equals(read);
    }

    private static Optional<Map<String, Object>> current(Map<String, Object> properties) {
        try {
            Map<String, Object> resolved = References.resolve(properties);
            Map<String, Object> all = new HashMap<>(resolved);
            for (String store : STORES) {
                if (resolved.get(store) instanceof String path && !path.isBlank()) {
                    all.put(store, state(Path.of(path.trim())));
                }
            }
            return Optional.of(all);
        } catch (RuntimeException e) {
            LOG.debug("Cannot read what clients log in with", e);
            return Optional.empty();
        }
    }

    /** A store may be named and not be used. */
    private static Object state(Path store) {
        try {
            BasicFileAttributes file = Files.readAttributes(store, BasicFileAttributes.class);
            return List.of(store, file.lastModifiedTime(), file.size());
        } catch (IOException e) {
            LOG.debug("Cannot read {}", store, e);
            return store;
        }
    }
}
