package com.opengrail.kafka.sse.internal.settings;

import java.util.Map;

/** Where values come from; an init-param wins over a variable of the environment. */
record Sources(Map<String, String> initParams, Map<String, String> environment) {

    Sources {
        initParams = Map.copyOf(initParams);
        environment = Map.copyOf(environment);
    }

    /** The value of this setting, or null; a blank one counts as not given, so that the next source decides. */
    Given of(Setting setting) {
        String initParam = initParams.getOrDefault(setting.initParam(), "");
        if (!initParam.isBlank()) {
            return Given.initParam(setting.initParam(), initParam.strip());
        }
        String variable = environment.getOrDefault(setting.variable(), "");
        return variable.isBlank() ? null : Given.variable(setting.variable(), variable.strip());
    }
}
