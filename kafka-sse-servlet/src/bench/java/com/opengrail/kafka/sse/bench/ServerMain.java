package com.opengrail.kafka.sse.bench;

import com.opengrail.kafka.sse.testing.OwnerWatch;
import java.nio.file.Path;

/** The process of one server. Arguments: the target, its port, the probe's port, the brokers, the topic and, for TLS, a key store. */
public final class ServerMain {
    private static final int KEY_STORE = 5;

    private ServerMain() {}

    public static void main(String[] args) throws Exception {
        OwnerWatch.start();
        new Probe(Integer.parseInt(args[2])).start();
        Target target = Target.valueOf(args[0]);
        int port = Integer.parseInt(args[1]);
        if (args.length > KEY_STORE) {
            target.serveSecure(port, Path.of(args[KEY_STORE]), args[3], args[4]);
        } else {
            target.serve(port, args[3], args[4]);
        }
    }
}
