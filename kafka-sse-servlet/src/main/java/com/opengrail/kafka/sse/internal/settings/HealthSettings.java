package com.opengrail.kafka.sse.internal.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The settings of the health servlet. They are init-params only. */
public final class HealthSettings {
    private static final String DETAILS = "details";

    private HealthSettings() {}

    /**
     * Whether answers have details.
     *
     * @throws SettingsException if an init-param is unknown or wrong: the message names each
     */
    public static boolean details(Map<String, String> initParams) {
        List<String> faults = new ArrayList<>();
        boolean details = false;
        for (Map.Entry<String, String> each : new TreeMap<>(initParams).entrySet()) {
            Given given = new Given(
                    Given.Origin.INIT_PARAM, each.getKey(), each.getValue().strip(), null);
            if (!given.name().equals(DETAILS)) {
                faults.add(given.shown() + ": there is no such setting; " + meant(given.name()));
            } else if (!given.value().isEmpty()) {
                try {
                    details = Values.flag(given.value());
                } catch (IllegalArgumentException e) {
                    faults.add(given.shown() + ": " + e.getMessage() + "; allowed is true or false");
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new SettingsException(faults);
        }
        return details;
    }

    private static String meant(String name) {
        return NearMiss.of(name, List.of(DETAILS)).isPresent()
                ? "\"" + DETAILS + "\" was probably meant"
                : "allowed is \"" + DETAILS + "\"";
    }
}
