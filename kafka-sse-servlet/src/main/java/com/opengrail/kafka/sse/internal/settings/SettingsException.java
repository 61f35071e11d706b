package com.opengrail.kafka.sse.internal.settings;

import java.util.List;
import java.util.stream.Collectors;

/** Stops the deployment because of wrong settings. The message has a line for each fault. */
public final class SettingsException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    SettingsException(List<String> faults) {
        super((faults.size() == 1 ? "1 setting is wrong:" : faults.size() + " settings are wrong:")
                + "\n  "
                + faults.stream().map(Given::oneLine).collect(Collectors.joining("\n  ")));
    }
}
