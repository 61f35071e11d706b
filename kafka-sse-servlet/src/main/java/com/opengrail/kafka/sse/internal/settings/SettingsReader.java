package com.opengrail.kafka.sse.internal.settings;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Reads all settings in one go and reports every fault at once. */
final class SettingsReader {

    private static final List<String> INIT_PARAMS =
            Arrays.stream(Setting.values()).map(Setting::initParam).toList();

    private static final List<String> VARIABLES =
            Arrays.stream(Setting.values()).map(Setting::variable).toList();

    private final Sources sources;
    private final Faults found = new Faults();

    private SettingsReader(Sources sources, List<String> faults) {
        this.sources = sources;
        found.faults().addAll(faults);
    }

    static Settings read(Sources sources) {
        return read(sources, List.of());
    }

    /** Reads settings of which some faults are known already. */
    static Settings read(Sources sources, List<String> faults) {
        return new SettingsReader(sources, faults).read();
    }

    private Settings read() {
        Map<Setting, Object> values = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            values.put(setting, value(setting));
        }
        Map<String, Object> consumer = KafkaProperties.read(sources, brokers(values), found);
        refuseUnknownInitParams();
        warnOfMisspeltVariables();
        if (!found.faults().isEmpty()) {
            throw new SettingsException(found.faults());
        }
        Settings settings = new Settings(values, consumer, found.warnings());
        return settings.allowedTopics().isEmpty() ? warnedOfNoTopic(values, consumer) : settings;
    }

    private Settings warnedOfNoTopic(Map<Setting, Object> values, Map<String, Object> consumer) {
        found.warnings().add("neither \"topic\" nor \"allowed-topics\" is set, so no request can be served");
        return new Settings(values, consumer, found.warnings());
    }

    private Object value(Setting setting) {
        Given given = sources.of(setting);
        if (given == null) {
            return setting.defaultValue();
        }
        try {
            return setting.parse(given.value());
        } catch (IllegalArgumentException e) {
            found.faults().add(given.shown() + ": " + e.getMessage() + "; allowed is " + setting.allowed());
            return setting.defaultValue();
        }
    }

    private static List<String> brokers(Map<Setting, Object> values) {
        return Settings.strings(values.get(Setting.KAFKA_BROKER_URL));
    }

    private void refuseUnknownInitParams() {
        for (String name : new TreeSet<>(sources.named().keySet())) {
            if (!INIT_PARAMS.contains(name) && !KafkaProperties.isInitParam(name)) {
                String meant = NearMiss.of(name, INIT_PARAMS)
                        .map(known -> "; \"" + known + "\" was probably meant")
                        .orElse("; allowed are the settings of docs/configuration.md and kafka.NAME");
                found.faults()
                        .add(sources.named(name, sources.named().get(name)).shown() + ": there is no such setting"
                                + meant);
            }
        }
    }

    /** An unknown variable stops nothing: it may belong to another version or to another program. */
    private void warnOfMisspeltVariables() {
        for (String name : new TreeSet<>(sources.environment().keySet())) {
            if (name.startsWith(Setting.VARIABLE_PREFIX)
                    && !VARIABLES.contains(name)
                    && !KafkaProperties.isVariable(name)) {
                NearMiss.of(name, VARIABLES)
                        .ifPresent(known -> found.warnings()
                                .add("environment variable \"" + name + "\" is not known and ignored; \"" + known
                                        + "\" was probably meant"));
            }
        }
    }
}
