package com.opengrail.kafka.sse.internal.settings;

import com.opengrail.kafka.sse.internal.log.Secrets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads all settings and reports all faults together. */
final class SettingsReader {

    private static final List<String> INIT_PARAMS =
            Arrays.stream(Setting.values()).map(Setting::initParam).toList();

    private final Sources sources;
    private final Map<Setting, Object> values = new EnumMap<>(Setting.class);
    private final List<String> effective = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** A reader. Some faults may be known already. */
    SettingsReader(Sources sources, List<String> faults) {
        this.sources = sources;
        faults.forEach(fault -> this.faults.add(Secrets.hideInValue(fault)));
    }

    Settings read() {
        for (Setting setting : Setting.values()) {
            values.put(setting, value(setting));
        }
        refuseWhatDoesNotGoTogether();
        List<String> brokers = Settings.strings(values.get(Setting.KAFKA_BROKER_URL));
        KafkaProperties consumer = KafkaProperties.read(sources, brokers, faults, warnings);
        effective.addAll(consumer.effective());
        refuseUnknownInitParams();
        warnOfVariables();
        if (!faults.isEmpty()) {
            throw new SettingsException(faults);
        }
        if (!hasTopics()) {
            warnings.add("neither \"topic\" nor \"allowed-topics\" is set, so no request can be served");
        }
        return new Settings(values, consumer.values(), effective, warnings);
    }

    private boolean hasTopics() {
        return !((AllowedTopics) values.get(Setting.ALLOWED_TOPICS)).isEmpty()
                || !((List<?>) values.get(Setting.TOPIC)).isEmpty();
    }

    private Object value(Setting setting) {
        Given given = sources.of(setting, faults);
        if (given == null) {
            effective.add(setting.initParam() + " = " + shownDefault(setting) + ", default");
            return setting.defaultValue();
        }
        effective.add(setting.initParam() + " = " + given.shownValue() + ", from " + given.source());
        try {
            return setting.parse(given.value());
        } catch (IllegalArgumentException e) {
            // The reason may quote parts of the value.
            String reason = given.isSecret() ? "it is not valid" : Secrets.hideInValue(e.getMessage());
            faults.add(given.shown() + ": " + reason + "; allowed is " + setting.allowed());
            return setting.defaultValue();
        }
    }

    /** What a default comes to here. The text in the documents may only say how it is found. */
    private String shownDefault(Setting setting) {
        if (setting == Setting.ALLOWED_TOPICS) {
            Given topics = sources.of(Setting.TOPIC, new ArrayList<>());
            return topics == null ? Setting.TOPIC.defaultText() : topics.shownValue();
        }
        return setting.defaultValue() instanceof Long number ? number.toString() : setting.defaultText();
    }

    private void refuseWhatDoesNotGoTogether() {
        boolean credentials = (Boolean) values.get(Setting.ALLOW_CREDENTIALS);
        if (credentials && ((AllowedOrigins) values.get(Setting.ALLOWED_ORIGINS)).allowsAny()) {
            faults.add(sources.of(Setting.ALLOW_CREDENTIALS, new ArrayList<>()).shown()
                    + ": it cannot be combined with \"allowed-origins\" = \"*\"; name the origins");
        }
        if (sources.origin() == Given.Origin.BUILDER && sources.named().containsKey(Setting.ENV_PREFIX.initParam())) {
            faults.add("builder \"env-prefix\": the builder reads no environment variables");
        }
    }

    private void refuseUnknownInitParams() {
        for (String name : new TreeSet<>(sources.named().keySet())) {
            if (!INIT_PARAMS.contains(name) && !Sources.isKafkaProperty(name)) {
                String meant = NearMiss.of(name, INIT_PARAMS)
                        .map(known -> "; \"" + known + "\" was probably meant")
                        .orElse("; allowed are the settings of docs/configuration.md and kafka.NAME");
                faults.add(
                        sources.named(name, sources.named().get(name)).shown() + ": there is no such setting" + meant);
            }
        }
    }

    /** An unknown variable stops nothing: it may belong to another version or to another program. */
    private void warnOfVariables() {
        Environment environment = sources.environment();
        String ofPrefix = Setting.ENV_PREFIX.variable(environment.prefix());
        Set<String> known = new TreeSet<>();
        for (Setting setting : Setting.values()) {
            String variable = setting.variable(environment.prefix());
            known.add(variable);
            known.add(variable + Environment.FILE);
        }
        for (String name : environment.names()) {
            if (name.equals(ofPrefix) || name.equals(ofPrefix + Environment.FILE)) {
                warnings.add("environment variable \"" + name + "\" has no effect: it is an init-param only");
            } else if (!known.contains(name) && !environment.isKafkaProperty(name)) {
                NearMiss.of(name, known)
                        .ifPresent(meant -> warnings.add("environment variable \"" + name
                                + "\" is not known and ignored; \"" + meant + "\" was probably meant"));
            }
        }
    }
}
