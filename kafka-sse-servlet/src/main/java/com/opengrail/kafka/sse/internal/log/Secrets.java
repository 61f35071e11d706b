package com.opengrail.kafka.sse.internal.log;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps secrets out of messages and logs. It recognises them by the name of a setting and by the form of the value. */
public final class Secrets {
    public static final String HIDDEN = "(hidden)";

    /** Parts of names, with a dot between words. */
    private static final List<String> PARTS = List.of(
            "password",
            "passwd",
            "passphrase",
            "passcode",
            "secret",
            "jaas",
            "token",
            "credential",
            "keystore.key",
            "private.key",
            "privatekey",
            "api.key",
            "apikey",
            "access.key",
            "accesskey",
            "account.key",
            "shared.key",
            "signing.key",
            "encryption.key",
            "master.key",
            "auth.user",
            "user.info",
            "userinfo",
            "connection.string",
            "authorization",
            "bearer.assertion",
            "auth.header",
            "http.headers");

    /** Part of a name that is not secret, although it contains one of the parts above. */
    private static final String NO_SECRET = "allow.credentials";

    /** Words that count only as a whole: they are parts of harmless words too. */
    private static final Set<String> WORDS = Set.of(
            "pwd", "pw", "pass", "passw", "pswd", "psw", "pin", "pincode", "sas", "jwt", "cookie", "psk", "otp", "totp",
            "creds", "cred", "dek", "kek", "jass", "jas");

    /** Words that are taken for secrets even if they are misspelt. */
    private static final List<String> MISSPELT = List.of(
            "password",
            "passphrase",
            "secret",
            "token",
            "credential",
            "credentials",
            "authorization",
            "privatekey",
            "apikey",
            "accesskey");

    private static final int LETTERS_OF_TWO_MISTAKES = 8;

    /** Words in which two are written together, such as {@code storepass}. */
    private static final Pattern JOINED = Pattern.compile("[a-z]+(?:pass|pwd|pw)|pwd[a-z]+|(?:pw|pass)hash");

    private static final Set<String> HARMLESS = Set.of(
            "bypass",
            "compass",
            "surpass",
            "trespass",
            "monkey",
            "donkey",
            "turkey",
            "hockey",
            "jockey",
            "whiskey",
            "hotkey");

    /** The last words of names of secrets. In front they say what is meant, as in {@code key.deserializer}. */
    private static final Pattern LAST_WORD = Pattern.compile(
            "(?:^|\\.)(?:keys?|privkey|private|(?:basic)?auth|bearer|hmac|sig|signature|assertion|o?auth\\.code|authcode)"
                    + "[0-9]*(?:\\.[0-9]+)*+$");

    /** A last word that ends in a key, such as {@code encryptionkey}. */
    private static final Pattern LAST_JOINED = Pattern.compile("(?:^|\\.)([a-z]+key)s?[0-9]*(?:\\.[0-9]+)*+$");

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])");

    /** User and password before the host of a URL, up to the last at sign: a password may contain any character. */
    private static final Pattern USER_IN_URL = Pattern.compile("(?<=://)\\S*@");

    private static final Pattern USER_BEFORE_HOST = Pattern.compile("[^\\s:/,\"']+:[^\\s/\"']+@");

    /** User and password before a host, as Oracle writes them. A principal of Kerberos looks the same. */
    private static final Pattern USER_SLASH_PASSWORD =
            Pattern.compile("(?<![^\\s:,=\"'])[^\\s:/,=\"']+/[^\\s\"']+@(?=[\\w/\\[])");

    /** What the name of an option with a secret contains. */
    private static final String SECRET_PART =
            "(?:passw(?:or)?d|pass[._-]?phrase|pwd|secret|token|credential|signature|\\bsig"
                    + "|(?:api|access|account|shared|private|master|signing|encryption|decryption)[._-]?key)";

    private static final String SECRET_OPTION = "(?i)(?<![\\w.-])[\\w.-]*" + SECRET_PART + "[\\w.-]*";

    /** What the name of an option with a secret ends with. */
    private static final String SHORT_PART = "(?:pass|(?:bind|root|admin|user|db)?pw|pin)";

    /** Options that are harmless if text follows them, such as {@code pass: …} in a sentence. */
    private static final String SHORT_OPTION = "(?i)(?<![\\w.-])(?:[\\w.-]*[._-])?" + SHORT_PART;

    /** Options that say nothing of a secret in a sentence about a record, but do so in a setting or in JSON. */
    private static final String OPTION_OF_SETTING = "(?i)(?<![\\w.-])(?:[\\w.-]*[._-])?(?:key|auth|otp|psk|sig)";

    private static final String ASSIGNED = "(?:[\"']?\\s*=>?\\s*|[\"']\\s*:\\s*)";

    private static final String OPTION_VALUE =
            "(?:\"[^\"\\\\]*+(?:\\\\[\\s\\S][^\"\\\\]*+)*+\"?|'[^'\\\\]*+(?:\\\\[\\s\\S][^'\\\\]*+)*+'?"
                    + "|\\\\+\"[^\"]*\"?|\\[[^\\]]*]?[^\\s;,&\"']*|\\([^)]*\\)?[^\\s;,&\"']*|[^\\s;,&\"']+)";

    /** An option such as {@code password="…"}, in a JAAS configuration, in JSON or in the query of a URL. */
    private static final Pattern OPTION =
            Pattern.compile("(" + SECRET_OPTION + "\\\\*[\"']?\\s*(?:=>|[=:])\\s*)" + OPTION_VALUE);

    private static final Pattern ASSIGNED_OPTION =
            Pattern.compile("(" + SHORT_OPTION + "(?:" + ASSIGNED + "|:(?=\\S)))" + OPTION_VALUE);

    private static final Pattern SETTING_OPTION =
            Pattern.compile("(" + OPTION_OF_SETTING + ASSIGNED + ")" + OPTION_VALUE);

    /** A parameter of a URL. */
    private static final Pattern PARAMETER =
            Pattern.compile("([?&]" + OPTION_OF_SETTING.replace("(?<![\\w.-])", "") + "=)[^&#\\s\"']+");

    /** A header, whose value may have two words: {@code Authorization: ApiKey …}. */
    private static final Pattern HEADER = Pattern.compile(
            "((?i)\\bauthorization[\"']?\\s*(?:=>|[=:])\\s*)(?:\"[^\"]*\"?|'[^']*'?|[^\\s;,\"']+(?:[ \\t]+[^\\s;,\"']+)?)");

    /** An element of XML, such as {@code <password>…</password>}. */
    private static final Pattern ELEMENT =
            Pattern.compile("((?i)<([\\w.:-]*" + SECRET_PART + "[\\w.:-]*|(?:[\\w.-]*[.:_-])?" + SHORT_PART
                    + ")(?:\\s[^<>]*)?>)[^<]*+(?:<!\\[CDATA\\[[\\s\\S]*?]]>[^<]*+)*+(?=</\\2\\s*>)");

    private static final List<Pattern> OPTIONS = List.of(OPTION, ASSIGNED_OPTION, PARAMETER, ELEMENT);

    /** What Kafka's {@code ConfigException} says of a value. */
    private static final Pattern INVALID_VALUE =
            Pattern.compile("(Invalid value )(.*?)( for configuration ([\\w.-]+))", Pattern.DOTALL);

    /** What Kafka quotes of a log-in module's configuration. It is a part of a password if that has quotes or spaces. */
    private static final Pattern QUOTED_OF_LOG_IN =
            Pattern.compile("(?:'.*'|\".*\")(?= in (?:the )?JAAS config)", Pattern.DOTALL);

    /** Values that are hidden as a whole: configurations of log-in modules, private keys, JSON web tokens. */
    private static final Pattern WHOLE = Pattern.compile(
            "LoginModule\\b|-----BEGIN [A-Z ]*PRIVATE KEY|\\beyJ[\\w-]+\\.|(?i:\\b(?:basic|bearer) [\\w+/=.-]{8,})");

    private static final int MOST_CHARACTERS = 4_000;
    private static final int SHORTEST_WORD = 3;
    private static final String CUT = " …";

    private Secrets() {}

    /** True if a value with this name must not be shown. */
    public static boolean isSecret(String name) {
        String[] words = BETWEEN_WORDS.split(name);
        String plain = String.join(".", words).toLowerCase(Locale.ROOT).replace(NO_SECRET, "");
        Matcher joined = LAST_JOINED.matcher(plain);
        return PARTS.stream().anyMatch(plain::contains)
                || LAST_WORD.matcher(plain).find()
                || joined.find() && !HARMLESS.contains(joined.group(1))
                || Arrays.stream(plain.split("[0-9]*\\.|[0-9]+$")).anyMatch(Secrets::isSecretWord);
    }

    private static boolean isSecretWord(String word) {
        return WORDS.contains(word)
                || JOINED.matcher(word).matches() && !HARMLESS.contains(word)
                || MISSPELT.stream().anyMatch(secret -> isMisspelt(word, secret));
    }

    private static boolean isMisspelt(String word, String meant) {
        return Spelling.distance(word, meant) <= (meant.length() >= LETTERS_OF_TWO_MISTAKES ? 2 : 1);
    }

    /** A failure as it may be logged: with its stack trace, and without what looks like a secret. */
    public static Throwable hideIn(Throwable failure) {
        return hideIn(failure, UnaryOperator.identity());
    }

    /** A failure without what looks like a secret, and without what else is hidden from its text and those of its causes. */
    public static Throwable hideIn(Throwable failure, UnaryOperator<String> more) {
        return MaskedFailure.of(failure, text -> hideIn(more.apply(text)));
    }

    /**
     * The text, with everything hidden that looks like a secret. A long one is cut: whoever writes a record may have written it.
     */
    public static String hideIn(String text) {
        if (text.length() <= MOST_CHARACTERS) {
            return hideInAll(text);
        }
        int end = MOST_CHARACTERS;
        // A password is known by what follows it, which must not be cut off.
        while (end > 0 && !Character.isWhitespace(text.charAt(end))) {
            end--;
        }
        String start = text.substring(0, end);
        int value = start.lastIndexOf("Invalid value ");
        // Of a value, too, what follows it says whether it is secret.
        boolean isValueCut = value >= 0 && !INVALID_VALUE.matcher(start).find(value);
        return hideInAll(isValueCut ? start.substring(0, value) : start) + CUT;
    }

    /** Hides the values of settings with such names wherever Kafka says that a value is invalid, and where it repeats them. */
    public static String hideInvalidValues(String text, Predicate<String> names) {
        Set<String> repeated = new HashSet<>();
        String hidden = INVALID_VALUE.matcher(text).replaceAll(found -> {
            boolean isHidden = names.test(found.group(4));
            if (isHidden) {
                repeated.add(found.group(2));
            }
            return isHidden ? "$1" + HIDDEN + "$3" : "$0";
        });
        return hideWords(hidden, repeated);
    }

    /** Hides these values where they are not parts of longer words. Shorter ones say nothing of a secret, but are words. */
    public static String hideWords(String text, Collection<String> values) {
        String hidden = text;
        for (String value : values) {
            if (value.length() >= SHORTEST_WORD && !value.isBlank() && !HIDDEN.contains(value)) {
                Pattern word = Pattern.compile("(?i)(?<![\\w-])" + Pattern.quote(value) + "(?![\\w-])");
                hidden = word.matcher(hidden).replaceAll(HIDDEN);
            }
        }
        return hidden;
    }

    /** The value of a setting, or what is said of it. More looks like a secret there than in other texts. */
    public static String hideInValue(String value) {
        return SETTING_OPTION.matcher(hideIn(value)).replaceAll("$1" + HIDDEN);
    }

    private static String hideInAll(String text) {
        if (WHOLE.matcher(text).find()) {
            return HIDDEN;
        }
        String withoutValues = hideInvalidValues(text, Secrets::isSecret);
        String withoutQuotes = QUOTED_OF_LOG_IN.matcher(withoutValues).replaceAll(HIDDEN);
        String withoutUsers = USER_IN_URL.matcher(withoutQuotes).replaceAll(HIDDEN + "@");
        withoutUsers = USER_BEFORE_HOST.matcher(withoutUsers).replaceAll(HIDDEN + "@");
        withoutUsers = USER_SLASH_PASSWORD.matcher(withoutUsers).replaceAll(HIDDEN + "@");
        String shown = HEADER.matcher(withoutUsers).replaceAll("$1" + HIDDEN);
        for (Pattern option : OPTIONS) {
            shown = option.matcher(shown).replaceAll("$1" + HIDDEN);
        }
        return shown;
    }
}
