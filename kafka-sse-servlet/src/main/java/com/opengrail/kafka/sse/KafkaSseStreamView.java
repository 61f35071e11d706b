package com.opengrail.kafka.sse;

/**
 * An open stream in the types of JMX.
 *
 * @param info what is shown
 */
record KafkaSseStreamView(StreamInfo info) implements KafkaSseMXBean.OpenStream {
    @Override
    public String getUser() {
        return info.user().orElse("");
    }

    @Override
    public String getAddress() {
        return info.address();
    }

    @Override
    public String getTopics() {
        return String.join(",", info.topics());
    }

    @Override
    public String getSince() {
        return info.since().toString();
    }

    @Override
    public long getEvents() {
        return info.events();
    }

    @Override
    public String getState() {
        return KafkaSseHealthReport.lower(info.state());
    }
}
