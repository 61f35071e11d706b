package com.opengrail.kafka.sse;

import com.opengrail.kafka.sse.internal.settings.Settings;
import com.opengrail.kafka.sse.internal.settings.SettingsException;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Makes an engine from init-params and the environment, for servlet and filter. */
final class KafkaSseDoor {
    private KafkaSseDoor() {}

    /**
     * Starts the engine of a servlet or filter.
     *
     * @param name its name in the deployment
     * @param context of the application
     * @param names of the init-params
     * @param values gives an init-param's value
     * @throws ServletException if a setting is wrong
     */
    static KafkaSse start(String name, ServletContext context, Enumeration<String> names, UnaryOperator<String> values)
            throws ServletException {
        Map<String, String> initParams = new HashMap<>();
        for (String initParam : Collections.list(names)) {
            initParams.put(initParam, values.apply(initParam));
        }
        try {
            String engine = "kafka-sse" + context.getContextPath().replace('/', '-') + "-" + name;
            return KafkaSseAssembly.engine(Settings.read(initParams, System.getenv()), engine);
        } catch (SettingsException e) {
            throw new ServletException(e.getMessage(), e);
        }
    }
}
