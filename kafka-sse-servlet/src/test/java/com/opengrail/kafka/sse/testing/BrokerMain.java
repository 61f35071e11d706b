package com.opengrail.kafka.sse.testing;

import java.io.PrintStream;

/** Formats the data folder where that is still to be done, then runs the broker. Kafka is on the class path of this process only. */
public final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] args) throws Exception {
        OwnerWatch.start();
        String configuration = args[0];
        String cluster = args[1];
        String[] format = {"format", "--ignore-formatted", "-t", cluster, "-c", configuration};
        Object status = Class.forName("kafka.tools.StorageTool")
                .getMethod("execute", String[].class, PrintStream.class)
                .invoke(null, format, System.out);
        if (!Integer.valueOf(0).equals(status)) {
            throw new IllegalStateException("format of the data folder ended with status " + status);
        }
        Class.forName("kafka.Kafka").getMethod("main", String[].class).invoke(null, (Object)
                new String[] {configuration});
    }
}
