package com.opengrail.kafka.sse.bench;

/** What is done in a scenario. */
interface Run {
    /** Starts a server, loads it, and says what came of it. */
    Figures run(Stage stage) throws Exception;

    static Run of(Scenario.Kind kind) {
        return switch (kind) {
            case FAN_OUT -> new FanOutRun();
            case IDLE -> new IdleRun();
            case REPLAY -> new ReplayRun();
            case RESUME -> new ResumeRun();
        };
    }
}
