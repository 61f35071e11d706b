package com.opengrail.kafka.sse.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders of tests among what is built, so that a clean build removes them. */
public final class TargetFolders {
    private TargetFolders() {}

    /** Makes a folder that is nobody else's. */
    public static Path make(String prefix) throws IOException {
        Path folders = Files.createDirectories(Path.of("target", "it"));
        return Files.createTempDirectory(folders, prefix).toAbsolutePath();
    }
}
