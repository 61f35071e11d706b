package com.opengrail.kafka.sse.internal.settings;

import java.util.List;
import java.util.Locale;

/** A value as an operator wrote it, with where he wrote it. */
record Given(Origin origin, String name, String value) {

    private static final int LONGEST_SHOWN = 200;

    private static final List<String> SECRET_WORDS = List.of(
            "password",
            "passphrase",
            "secret",
            "jaas",
            "token",
            "credential",
            "keystore.key",
            "private.key",
            "api.key",
            "auth.user",
            "user.info");

    /** Where a value can come from; the first wins. */
    enum Origin {
        INIT_PARAM("init-param"),
        VARIABLE("environment variable"),
        BUILDER("builder");

        private final String text;

        Origin(String text) {
            this.text = text;
        }
    }

    static Given initParam(String name, String value) {
        return new Given(Origin.INIT_PARAM, name, value);
    }

    static Given variable(String name, String value) {
        return new Given(Origin.VARIABLE, name, value);
    }

    /** Whether a value of this name must not be seen in logs. */
    static boolean isSecret(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
        return SECRET_WORDS.stream().anyMatch(plain::contains);
    }

    /** Where it was written, for messages that need no value. */
    String place() {
        return origin.text + " \"" + name + "\"";
    }

    /** Where it was written and what, on one line and without secrets. */
    String shown() {
        if (isSecret(name)) {
            return place() + " (value hidden)";
        }
        String line = value.replaceAll("\\p{Cntrl}+", " ");
        return place() + " = \"" + (line.length() > LONGEST_SHOWN ? line.substring(0, LONGEST_SHOWN) + "..." : line)
                + "\"";
    }
}
