package com.opengrail.kafka.sse.internal.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.opengrail.kafka.sse.KafkaSse;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BuilderMethodsTest {
    /** The settings whose method has another name. */
    private static final Map<Setting, String> OTHER_NAMES = Map.of(
            Setting.TOPIC, "topics",
            Setting.KAFKA_BROKER_URL, "bootstrapServers",
            Setting.EVENT_MAPPERS, "mapper",
            Setting.MAX_CONNECTION_MILLIS, "maxConnectionAge");

    @Test
    void shouldHaveOneForEachSetting() {
        Set<String> methods = Arrays.stream(KafkaSse.Builder.class.getMethods())
                .map(Method::getName)
                .collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>();
        for (Setting setting : Setting.values()) {
            String method = OTHER_NAMES.getOrDefault(setting, camelCase(setting.initParam()));
            if (!methods.contains(method)) {
                missing.add(method);
            }
        }
        assertEquals(Set.of(), missing);
    }

    private static String camelCase(String initParam) {
        Matcher hyphen = Pattern.compile("-([a-z])").matcher(initParam.replaceFirst("-millis$", ""));
        return hyphen.replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT));
    }
}
