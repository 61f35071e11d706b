package com.opengrail.kafka.sse.internal.settings;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The origins whose pages may read a stream from another origin.
 *
 * <p>Origins are compared as browsers write them: scheme and host in lower case, without the default port of the
 * scheme. Only {@code *} allows the opaque origin {@code null}, since any page can assume it.
 *
 * <p>Threads: immutable.
 *
 * @param origins the origins that are named, as browsers write them
 * @param allowsAny whether pages of every origin may read
 */
public record AllowedOrigins(Set<String> origins, boolean allowsAny) {

    private static final Pattern ORIGIN =
            Pattern.compile("([a-z][a-z0-9+.-]*)://([a-z0-9._-]+|\\[[0-9a-f:.]+])(?::([0-9]{1,5}))?");

    public static final AllowedOrigins NONE = new AllowedOrigins(Set.of(), false);

    /**
     * Reads a comma separated list of origins, or {@code *} for all.
     *
     * @throws IllegalArgumentException if an element is not an origin; the message quotes it
     */
    public static AllowedOrigins parse(String list) {
        if (list.strip().equals("*")) {
            return new AllowedOrigins(Set.of(), true);
        }
        Set<String> origins = new LinkedHashSet<>();
        for (String element : Values.elements(list)) {
            if (element.equals("*")) {
                throw new IllegalArgumentException("\"*\" does not stand alone");
            }
            String origin = normalised(element);
            if (origin == null) {
                throw new IllegalArgumentException("\"" + element + "\" is not an origin");
            }
            origins.add(origin);
        }
        return new AllowedOrigins(Set.copyOf(origins), false);
    }

    /** Whether pages of this origin, the value of a request's {@code Origin} header, may read. */
    public boolean allows(String origin) {
        if (allowsAny) {
            return true;
        }
        String normalised = origins.isEmpty() ? null : normalised(origin);
        return normalised != null && origins.contains(normalised);
    }

    /** The origin as browsers write it, or {@code null} if the text is not an origin. */
    private static String normalised(String text) {
        Matcher matcher = ORIGIN.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return null;
        }
        String origin = matcher.group(1) + "://" + matcher.group(2);
        if (matcher.group(3) == null) {
            return origin;
        }
        int port = Integer.parseInt(matcher.group(3));
        if (port > 65_535) {
            return null;
        }
        boolean schemesOwn = port == 80 && matcher.group(1).equals("http")
                || port == 443 && matcher.group(1).equals("https");
        return schemesOwn ? origin : origin + ":" + port;
    }
}
