package com.opengrail.kafka.sse.internal.settings;

import java.util.List;
import org.apache.kafka.common.config.SslConfigs;

/** Settings of one store of keys or certificates that contradict each other. */
final class StoreChecks {
    static final String PEM = "PEM";

    private static final String KEY = SslConfigs.SSL_KEYSTORE_KEY_CONFIG;
    private static final String CHAIN = SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG;

    private final CheckedProperties properties;
    private final String type;
    private final String location;
    private final String password;

    /** Holds what the store would, without a file. */
    private final String content;

    private StoreChecks(CheckedProperties properties, String store, String content) {
        this.properties = properties;
        this.type = store + ".type";
        this.location = store + ".location";
        this.password = store + ".password";
        this.content = content;
    }

    static void check(CheckedProperties properties) {
        new StoreChecks(properties, "ssl.keystore", KEY).check();
        new StoreChecks(properties, "ssl.truststore", SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG).check();
        for (List<String> pair : List.of(List.of(KEY, CHAIN), List.of(CHAIN, KEY))) {
            if (properties.isKnown(pair.get(0)) && properties.isAbsent(pair.get(1))) {
                properties.refuse(pair.get(0), needs(pair.get(1)));
            }
        }
    }

    private static String needs(String other) {
        return "it needs \"kafka." + other + "\", which is not set";
    }

    private void check() {
        boolean isPem = properties.text(type, "").equals(PEM);
        boolean isFile = !isPem && !properties.unknown().contains(type);
        boolean hasContent = properties.isKnown(content);
        if (hasContent && isFile) {
            properties.refuse(content, "allowed is to set it with the type " + PEM + " in \"kafka." + type + "\"");
        } else if (hasContent && properties.isKnown(location)) {
            properties.refuse(location, "it cannot be combined with \"kafka." + content + "\"");
        } else if (isPem && properties.isKnown(password) && (hasContent || properties.isKnown(location))) {
            properties.refuse(password, "a store of type " + PEM + " has none");
        } else if (properties.areAbsent(content, location) && properties.isKnown(password)) {
            properties.refuse(password, needs(location));
        } else if (content.equals(KEY)
                && isFile
                && properties.areAbsent(content, password)
                && properties.isKnown(location)) {
            properties.refuse(location, needs(password));
        }
    }
}
