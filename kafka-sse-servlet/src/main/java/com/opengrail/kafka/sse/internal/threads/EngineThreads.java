package com.opengrail.kafka.sse.internal.threads;

import java.util.function.Supplier;

/**
 * Makes the threads of an engine. They see the classes that the engine's maker saw, whichever thread asks for them: the first
 * request may come from a thread of the container that sees none of the application's. They inherit no variables of that thread,
 * such as its user.
 *
 * <p>Threads: safe.
 */
public final class EngineThreads {
    /** Lets the virtual machine choose. */
    public static final long USUAL_STACK = 0;

    private final ClassLoader loader;

    private EngineThreads(ClassLoader loader) {
        this.loader = loader;
    }

    /** With the class loader that the calling thread has now. */
    public static EngineThreads ofCaller() {
        return new EngineThreads(Thread.currentThread().getContextClassLoader());
    }

    /** A thread that does not keep the process from ending. */
    public Thread newThread(Runnable task, String name) {
        return adopt(new Thread(null, task, name, USUAL_STACK, false));
    }

    /** Makes a thread one of the engine's, before it starts. */
    public <T extends Thread> T adopt(T thread) {
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        return thread;
    }

    /** Calls something that may load classes or start threads. */
    public <T> T call(Supplier<T> something) {
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        current.setContextClassLoader(loader);
        try {
            return something.get();
        } finally {
            current.setContextClassLoader(before);
        }
    }
}
