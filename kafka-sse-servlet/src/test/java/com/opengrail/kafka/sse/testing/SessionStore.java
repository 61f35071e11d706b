package com.opengrail.kafka.sse.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.session.FileStore;
import org.apache.catalina.session.PersistentManager;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.SessionHandler;
import org.eclipse.jetty.session.AbstractSessionCache;
import org.eclipse.jetty.session.DefaultSessionCache;
import org.eclipse.jetty.session.FileSessionDataStore;
import org.eclipse.jetty.session.NullSessionCache;

/**
 * Files in which a container keeps the sessions of a web application, so that they outlive it.
 *
 * <p>Threads: the test's alone.
 */
public final class SessionStore {

    /** What a container does with sessions that are in a file. */
    public enum Kind {
        /** Keeps them in memory too. */
        SAVED,
        /** Takes them out of memory. On Jetty: after each request, so that each has its own copy. */
        MOVED
    }

    private final Kind kind;
    private final Path folder;
    private PersistentManager tomcat;

    public SessionStore(Kind kind, Path folder) {
        this.kind = kind;
        this.folder = folder;
    }

    void keep(ServletContextHandler context) {
        SessionHandler sessions = context.getSessionHandler();
        FileSessionDataStore files = new FileSessionDataStore();
        files.setStoreDir(folder.toFile());
        AbstractSessionCache cache =
                kind == Kind.SAVED ? new DefaultSessionCache(sessions) : new NullSessionCache(sessions);
        cache.setSaveOnCreate(true);
        cache.setSessionDataStore(files);
        sessions.setSessionCache(cache);
    }

    void keep(StandardContext context) {
        FileStore files = new FileStore();
        files.setDirectory(folder.toString());
        tomcat = new PersistentManager();
        tomcat.setStore(files);
        tomcat.setMaxIdleBackup(0);
        if (kind == Kind.MOVED) {
            tomcat.setMinIdleSwap(0);
            tomcat.setMaxIdleSwap(0);
        }
        context.setManager(tomcat);
    }

    /** Lets Tomcat do at once what it does every minute. Jetty does it after each request. */
    public void look() {
        if (tomcat != null) {
            tomcat.processPersistenceChecks();
        }
    }

    /** The number of sessions in files. */
    public long size() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException("The sessions cannot be counted", e);
        }
    }
}
