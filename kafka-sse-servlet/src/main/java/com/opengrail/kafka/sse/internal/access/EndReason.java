package com.opengrail.kafka.sse.internal.access;

/** Why a stream ended, as the access log shows it. */
public enum EndReason {
    GONE("the client left, or the container ended the request"),
    AGE("max-connection-millis"),
    STALLED("stall-timeout-millis"),
    CLOSING("the engine was closed"),
    CONTAINER("the container timed the request out"),
    OPERATOR("an operator ended it"),
    SESSION("the session ended"),
    ROLE("a role was withdrawn"),
    UNTIL("until was reached"),
    CHECK("the check said no"),
    CHECK_FAILED("the check failed or took too long"),
    PREDICATE("the predicate on its events failed"),
    REFUSED("it could not start"),
    FAILED("it failed on this side");

    private final String text;

    EndReason(String text) {
        this.text = text;
    }

    /** True if the client must get no more events. */
    public boolean isAboutAccess() {
        return switch (this) {
            case OPERATOR, SESSION, ROLE, UNTIL, CHECK, CHECK_FAILED -> true;
            default -> false;
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
