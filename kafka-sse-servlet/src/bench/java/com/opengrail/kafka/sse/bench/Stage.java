package com.opengrail.kafka.sse.bench;

/** One target in one scenario, with a topic of its own unless the records are there before. */
record Stage(Scenario scenario, Target target, String brokers, String topic, BenchOptions options) {

    /** A consumer for each client needs more than anything else is given. */
    int heapMegabytes() {
        return target == Target.BY_HAND ? 4096 : scenario.heapMegabytes();
    }
}
