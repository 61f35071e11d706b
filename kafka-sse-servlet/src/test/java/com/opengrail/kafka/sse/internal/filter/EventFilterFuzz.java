package com.opengrail.kafka.sse.internal.filter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.re2j.Pattern;
import com.opengrail.kafka.sse.testing.Executions;
import java.util.ArrayList;
import java.util.List;

/** Any list of expressions is refused with a reason, or lets pass what RE2 says that its elements match. */
class EventFilterFuzz {
    private static final Executions EXECUTIONS = Executions.of(EventFilterFuzz.class);
    private static final int MOST_CHARACTERS = 4096;
    private static final int LONGEST_REASON = 500;

    /** The first line is the list, the second a name. */
    @FuzzTest
    // In libFuzzer's form: a backslash, a line end or a letter beyond ASCII is a byte in hexadecimal.
    @DictionaryEntries({
        "\\x5C,",
        "(?i)",
        "(?P<n>",
        "(?:",
        "{1000}",
        "{2,3}",
        "\\x5CQ",
        "\\x5CE",
        "[[:alpha:]]",
        "[^",
        "\\x5CpL",
        "\\x5Cp{Greek}",
        "\\x5Cx{1C80}",
        ".*",
        "\\x5Cb",
        "|",
        ")*"
    })
    void shouldRefuseAListOrMatchAsItsElements(byte[] input) {
        EXECUTIONS.add(input);
        String[] lines = new String(input, UTF_8).split("\n", 2);
        String list = lines[0].length() <= MOST_CHARACTERS ? lines[0] : lines[0].substring(0, MOST_CHARACTERS);
        EventFilter filter;
        try {
            filter = EventFilter.parse(list);
        } catch (IllegalArgumentException e) {
            assertFalse(e.getMessage().isBlank());
            assertTrue(e.getMessage().length() < LONGEST_REASON, e.getMessage());
            return;
        }
        List<String> elements = NamePatterns.split(list);
        List<String> names = new ArrayList<>(filter.literals());
        names.addAll(elements);
        names.add("message");
        names.add(lines.length < 2 ? "" : lines[1]);
        for (String name : names) {
            String eventName = name.replaceAll("\\R|\0", " ");
            boolean expected = elements.stream().anyMatch(element -> Pattern.matches(element, eventName));
            assertEquals(expected, filter.matches(eventName), eventName);
        }
        assertTrue(filter.literals().stream().allMatch(filter::matches));
        assertEquals(filter, EventFilter.parse(again(elements)));
    }

    private static String again(List<String> elements) {
        return String.join(
                " , ",
                elements.stream().map(element -> element.replace(",", "\\,")).toList());
    }
}
