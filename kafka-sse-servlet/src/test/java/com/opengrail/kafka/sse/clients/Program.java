package com.opengrail.kafka.sse.clients;

import com.opengrail.kafka.sse.testing.JavaProcess;
import com.opengrail.kafka.sse.testing.TargetFolders;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Programs that follow a stream and report what they get, each started as it is, without a driver. */
enum Program {
    CHROMIUM {
        @Override
        List<String> command(Path folder, PageServer page) {
            return List.of(
                    System.getProperty("browser.binary", "/usr/bin/chromium"),
                    "--headless=new",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    // Those of tests come from an authority that nobody knows.
                    "--ignore-certificate-errors",
                    "--user-data-dir=" + folder,
                    page.uri().toString());
        }
    },

    /** A page that uses the package {@code event-source-polyfill} instead of the browser's own EventSource. */
    CHROMIUM_WITH_POLYFILL {
        @Override
        List<String> command(Path folder, PageServer page) throws IOException {
            return CHROMIUM.command(folder, page);
        }

        @Override
        String imports() {
            return """
                    import '/modules/event-source-polyfill/src/eventsource.js';
                    const EventSource = window.EventSourcePolyfill;
                    """;
        }
    },

    /** A page that uses the package {@code @microsoft/fetch-event-source}, as docs/compatibility.md says. */
    CHROMIUM_WITH_FETCH {
        @Override
        List<String> command(Path folder, PageServer page) throws IOException {
            return CHROMIUM.command(folder, page);
        }

        @Override
        String imports() {
            return """
                    import { fetchEventSource } from '/modules/@microsoft/fetch-event-source/lib/esm/index.js';
                    class EventSource {
                      constructor(url) {
                        const listeners = {};
                        this.addEventListener = (type, listener) => { listeners[type] = listener; };
                        let lastId = '';
                        fetchEventSource(url, {
                          openWhenHidden: true,
                          fetch: (input, init) => fetch(input, {
                            ...init,
                            headers: lastId ? { ...init.headers, 'last-event-id': lastId } : init.headers,
                          }),
                          onmessage: ({ id, event, data }) => {
                            if (id) lastId = id;
                            if (!event && !data) return;
                            listeners[event || 'message']?.({ type: event || 'message', data });
                          },
                          onclose: () => { throw new Error('ended'); },
                          onerror: () => { this.onerror(); },
                        });
                      }
                    }
                    """;
        }
    },

    FIREFOX {
        @Override
        List<String> command(Path folder, PageServer page) throws IOException {
            // It is on its own here: nothing of it is to ask the network for anything but the page.
            Files.writeString(
                    folder.resolve("user.js"),
                    String.join(
                            "\n",
                            "user_pref('datareporting.policy.dataSubmissionEnabled', false);",
                            "user_pref('browser.aboutwelcome.enabled', false);",
                            "user_pref('network.captive-portal-service.enabled', false);",
                            "user_pref('network.connectivity-service.enabled', false);",
                            "user_pref('app.normandy.enabled', false);"));
            return List.of(
                    System.getProperty("firefox.binary", "/usr/bin/firefox-esr"),
                    "--headless",
                    "--no-remote",
                    "--profile",
                    folder.toString(),
                    page.uri().toString());
        }
    },

    /** The package {@code eventsource} in the folder that the property {@code node.folder} names. */
    NODE {
        @Override
        List<String> command(Path folder, PageServer page) throws IOException {
            Path script = Path.of(System.getProperty("node.folder")).resolve("follow.mjs");
            Files.writeString(script, "import { EventSource } from 'eventsource';\n" + page.script());
            return List.of(System.getProperty("node.binary", "/usr/bin/node"), script.toString());
        }
    },

    /** WebKitGTK, which has no mode without a display. */
    WEBKIT {
        @Override
        List<String> command(Path folder, PageServer page) {
            return List.of(
                    System.getProperty("webkit.binary", "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser"),
                    "--private",
                    page.uri().toString());
        }

        @Override
        AutoCloseable start(PageServer page) throws IOException {
            VirtualDisplay display = VirtualDisplay.start();
            try {
                AutoCloseable browser = start(page, Map.of("DISPLAY", display.name(), "NO_AT_BRIDGE", "1"));
                return () -> {
                    try (display) {
                        browser.close();
                    }
                };
            } catch (IOException | RuntimeException e) {
                display.close();
                throw e;
            }
        }
    },

    /** {@code httpx} and the parser of docs/compatibility.md. */
    PYTHON {
        @Override
        List<String> command(Path folder, PageServer page) {
            return List.of(
                    System.getProperty("python.binary", "/usr/bin/python3"),
                    "-B",
                    CLIENTS.resolve("follow.py").toString(),
                    page.stream().toString(),
                    page.uri().toString());
        }
    },

    /** {@code github.com/donovanhide/eventsource}, as docs/compatibility.md says. */
    GO {
        @Override
        List<String> command(Path folder, PageServer page) {
            return List.of(
                    System.getProperty("go.binary", "/usr/bin/go"),
                    "run",
                    CLIENTS.resolve("follow.go").toString(),
                    page.stream().toString(),
                    page.uri().toString());
        }

        /** With the libraries that the system has, and what was compiled once for all. */
        @Override
        AutoCloseable start(PageServer page) throws IOException {
            return start(
                    page,
                    Map.of(
                            "GO111MODULE",
                            "off",
                            "GOPATH",
                            "/usr/share/gocode",
                            "GOCACHE",
                            Path.of("target", "go").toAbsolutePath().toString()));
        }
    };

    /** Programs in other languages. */
    private static final Path CLIENTS =
            Path.of("src", "test", "resources", "clients").toAbsolutePath();

    abstract List<String> command(Path folder, PageServer page) throws IOException;

    /** What stands before the page's script; the modules are those of {@code node.folder}. */
    String imports() {
        return "";
    }

    /** Starts it with a profile that nobody has used; closing ends it with all that it has started. */
    AutoCloseable start(PageServer page) throws IOException {
        return start(page, Map.of());
    }

    final AutoCloseable start(PageServer page, Map<String, String> environment) throws IOException {
        Path folder = TargetFolders.make("program");
        ProcessBuilder builder = new ProcessBuilder(command(folder, page))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile());
        builder.environment().put("HOME", folder.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        return () -> {
            // Those that it has started count as alive until it has gone too and cannot keep them as zombies.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            JavaProcess.kill(process.toHandle());
        };
    }

    /** The page that follows a stream, and what it reports. */
    interface PageServer {
        URI uri();

        URI stream();

        /** What the page does, for a program that has no pages. */
        String script();
    }
}
