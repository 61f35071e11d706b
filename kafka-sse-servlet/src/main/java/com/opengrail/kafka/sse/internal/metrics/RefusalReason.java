package com.opengrail.kafka.sse.internal.metrics;

/** Why a request got no stream. */
public enum RefusalReason {
    /** There are as many streams as there may be. */
    MAX_CONNECTIONS("max-connections"),
    /** There are as many streams of its address as there may be. */
    MAX_CONNECTIONS_PER_ADDRESS("max-connections-per-address"),
    /** There are as many streams of its user as there may be. */
    MAX_CONNECTIONS_PER_USER("max-connections-per-user"),
    /** There are as many combinations of topics as there may be. */
    MAX_FEEDS("max-feeds"),
    /** The engine is being closed. */
    CLOSING("closing"),
    /** What it asks for is malformed. */
    BAD_REQUEST("400"),
    /** The topic is not allowed, its role is missing, or the page is of another site. */
    FORBIDDEN("403"),
    /** The brokers know no such topic. */
    NOT_FOUND("404"),
    /** Neither GET, HEAD nor OPTIONS. */
    METHOD_NOT_ALLOWED("405"),
    /** It takes no event stream. */
    NOT_ACCEPTABLE("406"),
    /** The servlet or a filter before it does not support asynchronous processing. */
    NOT_ASYNC("500");

    private final String label;

    RefusalReason(String label) {
        this.label = label;
    }

    /** How operators see it: the setting that limits, or the status that was answered. */
    public String label() {
        return label;
    }

    /**
     * The reason for a status.
     *
     * @throws IllegalArgumentException if no request is refused with it
     */
    public static RefusalReason ofStatus(int status) {
        String label = Integer.toString(status);
        for (RefusalReason reason : values()) {
            if (reason.label.equals(label)) {
                return reason;
            }
        }
        throw new IllegalArgumentException("No request is refused with status " + status);
    }
}
