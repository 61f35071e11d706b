package com.opengrail.kafka.sse.internal.log;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
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
            "bearer.assertion");

    /** Part of a name that is not secret, although it contains one of the parts above. */
    private static final String NO_SECRET = "allow.credentials";

    /** Words that count only as a whole: they are parts of harmless words too. */
    private static final Set<String> WORDS = Set.of("pwd", "pw", "pass", "pin", "sas", "jwt", "cookie");

    /** The last words of names of secrets. In front they say what is meant, as in {@code key.deserializer}. */
    private static final Pattern LAST_WORD =
            Pattern.compile("(?:^|\\.)(?:keys?|kek|privkey|private|auth)[0-9]*(?:\\.[0-9]+)*$");

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])");

    /** User and password before the host of a URL, up to the last at sign: a password may contain any character. */
    private static final Pattern USER_IN_URL = Pattern.compile("(?<=://)\\S*@");

    private static final Pattern USER_BEFORE_HOST = Pattern.compile("[^\\s:/,\"']+:[^\\s/\"']+@");

    /** User and password before a host, as Oracle writes them. A principal of Kerberos looks the same. */
    private static final Pattern USER_SLASH_PASSWORD =
            Pattern.compile("(?<![^\\s:,=\"'])[^\\s:/,=\"']+/[^\\s\"']+@(?=[\\w/\\[])");

    private static final String SECRET_OPTION =
            "(?i)(?<![\\w.-])[\\w.-]*(?:passw(?:or)?d|passphrase|pwd|secret|token|credential|signature|\\bsig"
                    + "|(?:api|access|account|shared|private|master|signing|encryption|decryption)[._-]?key)[\\w.-]*";

    /** An option such as {@code password="…"}, in a JAAS configuration or in the query of a URL. */
    private static final Pattern OPTION =
            Pattern.compile("(" + SECRET_OPTION + "\\s*[=:]\\s*)(?:\"[^\"]*\"?|'[^']*'?|[^\\s;,&\"']+)");

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
    private static final String CUT = " …";

    private Secrets() {}

    /** True if a value with this name must not be shown. */
    public static boolean isSecret(String name) {
        String[] words = BETWEEN_WORDS.split(name);
        String plain = String.join(".", words).toLowerCase(Locale.ROOT).replace(NO_SECRET, "");
        return PARTS.stream().anyMatch(plain::contains)
                || LAST_WORD.matcher(plain).find()
                || Arrays.stream(plain.split("[0-9]*\\.|[0-9]+$")).anyMatch(WORDS::contains);
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

    /** Hides these values where they are not parts of longer words. */
    public static String hideWords(String text, Collection<String> values) {
        String hidden = text;
        for (String value : values) {
            if (!value.isBlank() && !HIDDEN.contains(value)) {
                Pattern word = Pattern.compile("(?<![\\w-])" + Pattern.quote(value) + "(?![\\w-])");
                hidden = word.matcher(hidden).replaceAll(HIDDEN);
            }
        }
        return hidden;
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
        return OPTION.matcher(withoutUsers).replaceAll("$1" + HIDDEN);
    }
}
