package com.opengrail.kafka.sse.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Ends a child JVM when the process that it belongs to is gone, however that one ended. */
public final class OwnerWatch {
    static final String OWNER = "owner.pid";

    private OwnerWatch() {}

    /** To be called first in the main method of a child JVM. */
    public static void start() {
        long pid = Long.parseLong(System.getProperty(OWNER));
        Optional<ProcessHandle> owner = ProcessHandle.of(pid);
        Executors.newSingleThreadScheduledExecutor(OwnerWatch::daemon)
                .scheduleAtFixedRate(() -> haltIfGone(owner), 0, 200, TimeUnit.MILLISECONDS);
    }

    /** What the JVM calls first where this class is its agent: in a program whose main method is not ours. */
    public static void premain(String arguments) {
        start();
    }

    /** Writes the agent: a jar of this class alone, since the JVM adds it to the program's class path. */
    public static void writeAgent(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", OwnerWatch.class.getName());
        String path = OwnerWatch.class.getName().replace('.', '/') + ".class";
        try (InputStream bytes = OwnerWatch.class.getClassLoader().getResourceAsStream(path);
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new JarEntry(path));
            bytes.transferTo(out);
        }
    }

    /** The Maven process where there is one (the tests of several modules run in JVMs of their own under it), else this process. */
    static ProcessHandle run() {
        ProcessHandle self = ProcessHandle.current();
        Optional<ProcessHandle> ancestor = self.parent();
        while (ancestor.isPresent() && !isJava(ancestor.get())) {
            ancestor = ancestor.get().parent();
        }
        return ancestor.orElse(self);
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> Path.of(command).getFileName().toString())
                .filter(name -> name.equals("java") || name.equals("java.exe"))
                .isPresent();
    }

    private static void haltIfGone(Optional<ProcessHandle> owner) {
        if (owner.filter(ProcessHandle::isAlive).isEmpty()) {
            Runtime.getRuntime().halt(1);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "owner-watch");
        thread.setDaemon(true);
        return thread;
    }
}
