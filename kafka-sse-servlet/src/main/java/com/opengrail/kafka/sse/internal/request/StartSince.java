package com.opengrail.kafka.sse.internal.request;

import com.opengrail.kafka.sse.internal.position.Start;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Parses the parameter {@code since}: an ISO-8601 instant, seconds or milliseconds since the epoch, or a duration
 * before now.
 */
final class StartSince {
    private static final int MAX_CHARACTERS = 64;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Pattern DURATION = Pattern.compile("(?i)P[0-9YMWDTHS.,]+");

    /** Takes {@code +01}, {@code +0100} and {@code +01:00}: a lenient {@code +HH} leaves the rest open. */
    private static final DateTimeFormatter DATE_AND_TIME = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .parseLenient()
            .appendOffset("+HH", "Z")
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    /** Smaller numbers are seconds. In seconds this is the year 5138; in milliseconds it is 1973, long before Kafka. */
    private static final long LEAST_MILLIS = 100_000_000_000L;

    private StartSince() {}

    static Start parse(String since, InstantSource clock) throws HttpRejection {
        if (since.length() > MAX_CHARACTERS) {
            throw malformed(since);
        }
        try {
            return new Start.Since(notBeforeEpoch(instant(since, clock)));
        } catch (DateTimeException | ArithmeticException e) {
            throw malformed(since);
        }
    }

    private static Instant instant(String since, InstantSource clock) throws HttpRejection {
        if (NUMBER.matcher(since).matches()) {
            long number = Long.parseLong(since);
            return number < LEAST_MILLIS ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
        }
        if (DURATION.matcher(since).matches()) {
            return before(clock.instant(), duration(since));
        }
        // A plus sign in the query of a URL is decoded as a space.
        return OffsetDateTime.parse(since.replace(' ', '+'), DATE_AND_TIME).toInstant();
    }

    /** {@code Duration} alone knows no weeks, and {@code Period} no time. */
    private static Duration duration(String since) throws HttpRejection {
        String text = since.toUpperCase(Locale.ROOT);
        int time = text.indexOf('T');
        Duration duration = time < 0 ? Duration.ZERO : Duration.parse("P" + text.substring(time));
        if (time == 1) {
            return duration;
        }
        Period period = Period.parse(time < 0 ? text : text.substring(0, time));
        if (period.toTotalMonths() != 0) {
            throw HttpRejection.badRequest("since " + HttpRejection.quote(since)
                    + " has years or months, which differ in length; use weeks, days, hours, minutes or seconds");
        }
        return duration.plusDays(period.get(ChronoUnit.DAYS));
    }

    private static Instant before(Instant now, Duration duration) {
        Duration sinceEpoch = Duration.between(Instant.EPOCH, now);
        return duration.compareTo(sinceEpoch) > 0 ? Instant.EPOCH : now.minus(duration);
    }

    /** No record is older than the epoch, so nothing is lost by starting there. */
    private static Instant notBeforeEpoch(Instant instant) {
        return instant.isBefore(Instant.EPOCH) ? Instant.EPOCH : instant;
    }

    private static HttpRejection malformed(String since) {
        return HttpRejection.badRequest("since " + HttpRejection.quote(since)
                + " is neither an ISO-8601 instant such as 2026-11-23T10:15:30Z, nor seconds or milliseconds since the"
                + " epoch, nor an ISO-8601 duration such as PT15M");
    }
}
