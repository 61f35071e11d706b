package com.opengrail.kafka.sse.internal.settings;

/**
 * A value as an operator wrote it, with where he wrote it.
 *
 * @param origin what kind of place it is
 * @param name of the init-param, the variable or the setting of a builder
 * @param value the text
 * @param file the file that held the value, or {@code null}
 */
record Given(Origin origin, String name, String value, String file) {

    private static final int LONGEST_SHOWN = 200;

    /** Where a value can come from. */
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
        return new Given(Origin.INIT_PARAM, name, value, null);
    }

    static Given variable(String name, String value) {
        return new Given(Origin.VARIABLE, name, value, null);
    }

    /** A value that a variable's file holds. */
    static Given file(String variable, String file, String value) {
        return new Given(Origin.VARIABLE, variable, value, file);
    }

    /** Whether the value must not be seen in logs: what is kept in a file is kept there for that reason. */
    boolean isSecret() {
        return file != null || Secrets.isSecret(name);
    }

    /** The same place with a value that has been brought into its form. */
    Given with(String normalised) {
        return new Given(origin, name, normalised, file);
    }

    /** Where it was written, for messages that need no value. */
    String place() {
        return origin.text + " \"" + name + "\"" + (file == null ? "" : " (file \"" + oneLine(file) + "\")");
    }

    /** Where it was written and what, on one line and without secrets. */
    String shown() {
        return isSecret() ? place() + " (value hidden)" : place() + " = \"" + shownValue() + "\"";
    }

    /** The value on one line and without secrets. */
    String shownValue() {
        return isSecret() ? Secrets.HIDDEN : oneLine(Secrets.hideIn(value));
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() > LONGEST_SHOWN ? line.substring(0, LONGEST_SHOWN) + "..." : line;
    }
}
