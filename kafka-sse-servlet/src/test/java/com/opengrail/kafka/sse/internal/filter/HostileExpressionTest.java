package com.opengrail.kafka.sse.internal.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.opengrail.kafka.sse.ClientFilters;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions that are written to cost time, memory or the stack; a request carries at most 4096 characters. */
class HostileExpressionTest {

    private static final int LONGEST = 4096;
    private static final Duration BOUND = Duration.ofSeconds(5);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{1000}){1000})",
                "((((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}){9})",
                "(((a{0\\,100}){0\\,100}){0\\,100})",
                "((a{1000\\,}){1000\\,})",
                "(?:(?i:(?P<n>a{900}){900}))",
                "(\\Qabc\\E{1000}){1000}",
                "([[:alpha:]]{500}[]a]{500}){900}",
                "(\\x{41}{1000}\\p{Greek}){1000}",
                "(((a{99999999999999999999}){1000}){1000})",
                "[!-[:]((a{1000}){1000})[:]",
                "a{1000}\\Q\\E{1000}"
            })
    void shouldRefuseWhatRepeatsTooMuchBeforeCompilingIt(String spec) {
        assertTimeoutPreemptively(Duration.ofSeconds(1), () -> {
            String message = assertThrows(IllegalArgumentException.class, () -> EventFilter.parse(spec))
                    .getMessage();
            assertTrue(message.endsWith("it repeats too much: it would be larger than 8192 steps"), message);
        });
    }

    @Test
    void shouldRefuseManySmallRepetitionsThatAreLargeTogether() {
        StringBuilder spec = new StringBuilder("x{1000}");
        for (char c = 'a'; c < 'k'; c++) {
            spec.append(',').append(c).append("{1000}");
        }
        String message = assertThrows(IllegalArgumentException.class, () -> EventFilter.parse(spec.toString()))
                .getMessage();
        assertTrue(message.endsWith("together with the others it would be larger than 8192 steps"), message);
    }

    static Stream<String> deeplyNested() {
        int depth = LONGEST / 2;
        return Stream.of(
                "(".repeat(depth) + "a" + ")".repeat(depth),
                "(".repeat(depth),
                "(?:".repeat(1000) + "a" + ")?".repeat(540),
                "(".repeat(1000) + "a" + "|b)".repeat(1000),
                "[!-[:]" + "(".repeat(1000) + "a" + ")".repeat(1000));
    }

    @ParameterizedTest
    @MethodSource("deeplyNested")
    void shouldRefuseDeepNestingWithoutOverflowingTheStack(String spec) {
        String message = assertThrows(IllegalArgumentException.class, () -> EventFilter.parse(spec))
                .getMessage();
        assertTrue(message.endsWith("groups are nested deeper than 50"), message);
    }

    static Stream<String> wide() {
        return Stream.of(
                "\\pL".repeat(9),
                "\\PL{1\\,3}".repeat(9),
                "(?i)[" + "B-\\x{1c7f}".repeat(9) + "]",
                "(?i)[" + "B-\u017f".repeat(9) + "]",
                "[^" + "\\pL\\p{Greek}\\P{Nd}".repeat(3) + "]",
                "[\\pL\\pN]a,[\\pL\\pN]b,[\\pL\\pN]c,[\\pL\\pN]d,[\\pL]");
    }

    /** RE2/J looks at each character of a range, and keeps a list of ranges for each class. */
    @ParameterizedTest
    @MethodSource("wide")
    void shouldRefuseManyLargeSetsOfCharactersInARequest(String spec) {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> EventFilter.ofRequest(List.of(spec), ClientFilters.REGEX))
                .getMessage();
        assertTrue(
                message.endsWith(
                        "the request has more than 8 Unicode classes and ranges beyond Latin-1 that ignore case"),
                message);
        assertNotNull(EventFilter.parse(spec), "operators may write what they want");
    }

    /** RE2/J compares the characters of a class with each other. */
    @Test
    void shouldRefuseManyCharactersInTheClassesOfARequest() {
        String most = "[" + "ac".repeat(128) + "],[^" + "b-c\\x{41}".repeat(128) + "]";
        assertNotNull(EventFilter.ofRequest(List.of(most), ClientFilters.REGEX));
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> EventFilter.ofRequest(List.of(most + "[d]"), ClientFilters.REGEX))
                .getMessage();
        assertTrue(message.endsWith("the classes of the request have more than 512 characters and ranges"), message);
        assertNotNull(EventFilter.parse(most + "[d]"), "operators may write what they want");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\\pL\\pN]{1\\,20},[\\pL_-]+,\\p{Greek}[a-\u00e4].*[\\x{41}-Z\\]-]\\x{41}",
                "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
                "(?i)[a-z0-9-]+\\.[a-z0-9-]+,[^a-z-]{3},[a-]",
                "(?i)[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]+,[\\w-\\.]+[\\x00-\\x1f],[\\x00-\\x1f]{2}[\\x01-\\x1f]",
                "[a-\\x{1c7f}][b-\\x{1c7f}][c-\\x{1c7f}][d-\\x{1c7f}][e-\\x{1c7f}][f-\\x{1c7f}][g-\\x{1c7f}]"
                        + "[h-\\x{1c7f}][i-\\x{1c7f}]"
            })
    void shouldAllowWhatPeopleWrite(String spec) {
        assertNotNull(EventFilter.ofRequest(List.of(spec), ClientFilters.REGEX));
    }

    /** RE2/J 1.8 loops for ever over the case of U+1C80 to U+1C88. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(?i)\u1C80",
                "(?i)[!-\\x{ffff}]",
                "(?s:a)(?is-m:[B-\\x{1FFF}])",
                "(?P<n>(?i)\\x{1c88})",
                "a(?i:[a-\uFFFD])",
                "(?i)\\x{000000001c80}",
                "[!-[:](?i)[!-\\x{ffff}]",
                "[!-[:](?i)[!-\\x{ffff}]:]",
                "[\\x{21}-[:](?i:[!-\\x{ffff}])"
            })
    void shouldRefuseToIgnoreTheCaseOfCharactersThatRe2CannotFold(String spec) {
        assertTimeoutPreemptively(Duration.ofSeconds(1), () -> {
            String message = assertThrows(IllegalArgumentException.class, () -> EventFilter.parse(spec))
                    .getMessage();
            assertTrue(message.endsWith("case can be ignored for characters up to U+1C7F only"), message);
        });
    }

    @Test
    void shouldMatchNamesThatRe2CannotFold() {
        assertTimeoutPreemptively(BOUND, () -> {
            assertTrue(EventFilter.parse("(?i)[^a]").matches("\u1C80"));
            assertTrue(EventFilter.parse("(?i)\\PN\\W").matches("\u1C80\u1C88"));
            assertTrue(EventFilter.parse("\u1C80.*").matches("\u1C80\u1C88"));
            assertTrue(EventFilter.parse("(?P<i>\\x{1c80})").matches("\u1C80"));
        });
    }

    static Stream<String> costly() {
        return Stream.of(
                fill("\\pL"),
                fill("(?i)\\pL"),
                fill("a*"),
                fill("a|"),
                fill("(a|)"),
                fill("(a?)+?"),
                "(?i)[" + fill("\\pL\\PN").substring(0, 4080) + "]",
                "(?i)[" + "B-\\x{1c7f}".repeat(400) + "]",
                "(?i)" + "[B-\\x{1c7f}]".repeat(340),
                "\\pL{1000}\\pN{1000}(?i:\\pL{900})",
                "(.*a){100}",
                "(((a+)+)+)+b");
    }

    private static String fill(String unit) {
        return unit.repeat(LONGEST / unit.length());
    }

    @ParameterizedTest
    @MethodSource("costly")
    void shouldCompileAndMatchWithinBoundsOfTime(String spec) {
        String name = "a".repeat(250);
        assertTimeoutPreemptively(
                BOUND, () -> assertNotNull(EventFilter.parse(spec).matches(name)));
    }

    /** The estimate has to be an upper bound, or a hostile expression gets past it. */
    @Test
    void shouldNeverEstimateLessThanIsCompiled() {
        String[] parts = {
            "a",
            "b",
            "(",
            ")",
            "(?:",
            "(?i)",
            "(?P<n>",
            "|",
            "*",
            "+",
            "?",
            "{3}",
            "{0,4}",
            "{2,}",
            "{",
            "}",
            "[",
            "]",
            "[^",
            "[]a]",
            "[[:alpha:]]",
            "\\Q",
            "\\Q\\E",
            "\\E",
            "\\",
            "\\pL",
            "\\p{Greek}",
            "\\x{41}",
            "\\x41",
            ".",
            "^",
            "$",
            "\\b",
            "[a-z]",
            "[!-[:]",
            "[!-[:",
            "[\\d-",
            "-[:",
            ":]",
            "{00}",
            "{000000,000000}",
            "{02}",
            "\\x{1c7f}",
            "\\w",
            ",",
            "😀",
            "{2",
            "\\,",
            "\\012",
            "(?s:",
            "ä",
            "(?",
            "-",
            ":"
        };
        Random random = new Random(20261123);
        int compiled = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = 1 + random.nextInt(9); n > 0; n--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            compiled += compiledAsEstimated(text.toString());
        }
        assertTrue(compiled > 3_000, "too few valid expressions to prove anything: " + compiled);
    }

    private static int compiledAsEstimated(String expression) {
        ExpressionSize.Estimate estimated = ExpressionSize.of(expression);
        if (estimated.foldsCase() && ExpressionSize.highestCharacter(expression) > NamePatterns.MAX_FOLDED_CHARACTER) {
            return 0;
        }
        int size;
        try {
            // The first and last instruction of every program are not the expression's.
            size = Pattern.compile(expression).programSize() - 2;
        } catch (PatternSyntaxException e) {
            assertNotNull(e.getDescription());
            return 0;
        }
        long estimate = estimated.instructions();
        assertTrue(size <= Math.max(1, estimate), () -> expression + " became " + size + ", estimated " + estimate);
        return 1;
    }

    @Test
    void shouldEstimateOrdinaryExpressionsCloselyEnoughToAllowThem() {
        String uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
        assertTrue(ExpressionSize.of(uuid).instructions() < 100);
        assertTrue(EventFilter.parse(uuid).matches("123e4567-e89b-12d3-a456-426614174000"));
        assertEquals(1, ExpressionSize.of("((a))").depth() - 1);
    }
}
