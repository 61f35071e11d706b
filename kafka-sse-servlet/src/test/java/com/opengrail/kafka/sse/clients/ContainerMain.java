package com.opengrail.kafka.sse.clients;

import com.opengrail.kafka.sse.testing.OwnerWatch;
import com.opengrail.kafka.sse.testing.WebServer;
import java.util.HashMap;
import java.util.Map;

/** The process of one container. Arguments: its kind, its port, and settings, each as a name and a value. */
final class ContainerMain {
    private ContainerMain() {}

    public static void main(String[] args) throws Exception {
        OwnerWatch.start();
        Map<String, String> settings = new HashMap<>();
        for (int i = 2; i < args.length; i += 2) {
            settings.put(args[i], args[i + 1]);
        }
        WebServer server =
                WebServer.Kind.valueOf(args[0]).deploy(Integer.parseInt(args[1]), new StreamWithHealth(settings));
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "container-stop"));
    }
}
