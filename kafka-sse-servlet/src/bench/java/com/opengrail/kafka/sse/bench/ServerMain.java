package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.testing.OwnerWatch;

/** The process of one server. Arguments: the target, its port, the probe's port, the brokers, the topic. */
public final class ServerMain {
    private ServerMain() {}

    public static void main(String[] args) throws Exception {
        OwnerWatch.start();
        new Probe(Integer.parseInt(args[2])).start();
        Target.valueOf(args[0]).serve(Integer.parseInt(args[1]), args[3], args[4]);
    }
}
