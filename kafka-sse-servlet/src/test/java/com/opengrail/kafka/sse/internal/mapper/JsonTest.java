package com.opengrail.kafka.sse.internal.mapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our few lines of JSON, with a parser of JSON as judge. */
class JsonTest {
    private static final ObjectMapper JACKSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String[] PARTS = {
        "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\\", "\\u00e9", "\\n", "\\x", "0", "1", "-", ".", "e", "E+", "12",
        "true", "false", "null", "nul", " ", "\n", "\t", "\u0001", "é", "/", "{\"a\":", "[1,"
    };

    private static boolean isValueToJackson(String text) {
        try {
            return !(JACKSON.readTree(text) instanceof MissingNode);
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "0",
                "-0",
                "-0.5e-10",
                "1E+2",
                "\"\"",
                " \r\n\t{ \"a\" : [ 1 , { } , \"\\u00E9\\\\\" ] } ",
                "true",
                "[[],[[]],{\"\":{}}]",
                "null",
                "\"\uffff\""
            })
    void shouldKnowAValue(String text) {
        assertTrue(isValueToJackson(text), text);
        assertTrue(Json.isValue(text), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[1,]",
                "[,1]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "01",
                "1.",
                ".5",
                "+1",
                "1e",
                "--1",
                "-",
                "tru",
                "nulll",
                "1 2",
                "{}{}",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\n\"",
                "\"",
                "[1}",
                "{\"a\":1]",
                "'a'",
                "\ufeff1",
                "\u00a01",
                "[1]]",
                "\uffff",
                "//c\n1",
                "1,\"a\":2"
            })
    void shouldRefuseWhatIsNone(String text) {
        assertFalse(Json.isValue(text), text);
    }

    @Test
    void shouldJudgeAnyTextAsAParserDoes() {
        Random random = new Random();
        int values = 0;
        for (int i = 0; i < 300_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int part = random.nextInt(9); part >= 0; part--) {
                text.append(PARTS[random.nextInt(PARTS.length)]);
            }
            boolean value = isValueToJackson(text.toString());
            assertEquals(value, Json.isValue(text.toString()), text.toString());
            values += value ? 1 : 0;
        }
        assertTrue(values > 1_000, "values: " + values);
    }

    @Test
    void shouldNestAsDeepAsItIsGiven() {
        String deep = "[".repeat(1_000_000) + "]".repeat(1_000_000);
        assertTrue(Json.isValue(deep));
        assertFalse(Json.isValue(deep + "]"));
    }

    @Test
    void shouldWriteAnyString() throws JsonProcessingException {
        Random random = new Random();
        for (int i = 0; i < 10_000; i++) {
            StringBuilder value = new StringBuilder();
            for (int c = random.nextInt(10); c > 0; c--) {
                value.append((char) random.nextInt(random.nextBoolean() ? 0x80 : 0xd800));
            }
            StringBuilder json = new StringBuilder();
            Json.string(json, value.toString());
            assertEquals(value.toString(), JACKSON.readTree(json.toString()).textValue());
            assertTrue(Json.isValue(json.toString()));
        }
    }
}
