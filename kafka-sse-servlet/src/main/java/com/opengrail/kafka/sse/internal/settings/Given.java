package com.opengrail.kafka.sse.internal.settings;

import com.opengrail.kafka.sse.internal.log.Secrets;

/**
 * A value as an operator wrote it, and its source.
 *
 * @param origin the kind of source
 * @param name the name of the init-param, of the variable or of the builder's setting
 * @param value the text
 * @param file the file that held the value, or {@code null}
 */
record Given(Origin origin, String name, String value, String file) {

    private static final int LONGEST_SHOWN = 200;

    enum Origin {
        INIT_PARAM("init-param"),
        VARIABLE("environment variable"),
        BUILDER("builder");

        private final String text;

        Origin(String text) {
            this.text = text;
        }
    }

    static Given variable(String name, String value) {
        return new Given(Origin.VARIABLE, name, value, null);
    }

    static Given file(String variable, String file, String value) {
        return new Given(Origin.VARIABLE, variable, value, file);
    }

    /** True if the value must not appear in logs. Values are put into files to keep them secret. */
    boolean isSecret() {
        return file != null || Secrets.isSecret(name) || NearMiss.isOfSecret(name);
    }

    /** The same source with the value in its normalised form. */
    Given with(String normalised) {
        return new Given(origin, name, normalised, file);
    }

    /** The source, for messages without the value. */
    String source() {
        return origin.text + " \"" + oneLine(name) + "\""
                + (file == null ? "" : " (file \"" + shorten(oneLine(file)) + "\")");
    }

    /** The source and the value, on one line and without secrets. */
    String shown() {
        return isSecret() ? source() + " (value hidden)" : source() + " = \"" + shownValue() + "\"";
    }

    /** The value on one line and without secrets. */
    String shownValue() {
        return isSecret() ? Secrets.HIDDEN : shorten(oneLine(Secrets.hideInValue(value)));
    }

    static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    private static String shorten(String line) {
        return line.length() > LONGEST_SHOWN ? line.substring(0, LONGEST_SHOWN) + "..." : line;
    }
}
