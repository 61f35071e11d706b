package com.opengrail.kafka.sse.internal.settings;

import java.util.ArrayList;
import java.util.List;

/**
 * What was found while reading: faults stop the deployment, warnings are logged.
 *
 * <p>Threads: filled by the one thread that reads the settings.
 */
record Faults(List<String> faults, List<String> warnings) {

    Faults() {
        this(new ArrayList<>(), new ArrayList<>());
    }
}
