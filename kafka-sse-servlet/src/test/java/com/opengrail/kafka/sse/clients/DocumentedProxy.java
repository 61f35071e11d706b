package com.opengrail.kafka.sse.clients;

import com.opengrail.kafka.sse.testing.Await;
import com.opengrail.kafka.sse.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reverse proxies as docs/containers.md configures them; addresses, folders and what every proxy needs besides are the test's. */
enum DocumentedProxy {
    NGINX {
        @Override
        List<String> command(Place place) throws IOException {
            Path configuration = place.write("nginx.conf", """
                    daemon off;
                    pid FOLDER/nginx.pid;
                    error_log stderr;
                    events {}
                    http {
                      access_log off;
                      gzip on;
                      gzip_types text/event-stream;
                      client_body_temp_path FOLDER/body;
                      proxy_temp_path FOLDER/proxy;
                      fastcgi_temp_path FOLDER/fastcgi;
                      uwsgi_temp_path FOLDER/uwsgi;
                      scgi_temp_path FOLDER/scgi;
                      upstream servers { server 127.0.0.1:SERVER; }
                      server {
                        listen 127.0.0.1:PORT;
                    """ + documented("nginx") + "}}\n");
            return List.of("/usr/sbin/nginx", "-e", "stderr", "-c", configuration.toString());
        }
    },

    HTTPD {
        @Override
        List<String> command(Place place) throws IOException {
            place.write("no-server.asis", documented("asis"));
            Path configuration = place.write(
                    "httpd.conf",
                    """
                    ServerName localhost
                    PidFile FOLDER/httpd.pid
                    ErrorLog /dev/stderr
                    User www-data
                    Group www-data
                    Listen 127.0.0.1:PORT
                    LoadModule mpm_event_module modules/mod_mpm_event.so
                    LoadModule authz_core_module modules/mod_authz_core.so
                    LoadModule alias_module modules/mod_alias.so
                    LoadModule setenvif_module modules/mod_setenvif.so
                    LoadModule filter_module modules/mod_filter.so
                    LoadModule deflate_module modules/mod_deflate.so
                    LoadModule proxy_module modules/mod_proxy.so
                    LoadModule proxy_http_module modules/mod_proxy_http.so
                    LoadModule asis_module modules/mod_asis.so
                    SetOutputFilter DEFLATE
                    """
                            + documented("apache")
                                    .replace("server:8080", "127.0.0.1:SERVER")
                                    .replace("/etc/apache2/", "FOLDER/"));
            return List.of(
                    "/usr/sbin/apache2", "-d", "/usr/lib/apache2", "-f", configuration.toString(), "-DFOREGROUND");
        }
    },

    HAPROXY {
        @Override
        List<String> command(Place place) throws IOException {
            place.write("no-server.http", documented("http"));
            Path configuration = place.write(
                    "haproxy.cfg",
                    documented("haproxy")
                                    .replace(
                                            "    server a server-a:8080 check\n",
                                            place.each("    server %s 127.0.0.1:%d check\n"))
                                    .replace("/etc/haproxy/", "FOLDER/")
                            + """
                            frontend all
                                bind 127.0.0.1:PORT
                                default_backend servers
                            """);
            return List.of("/usr/sbin/haproxy", "-db", "-f", configuration.toString());
        }
    };

    private static final Path PAGE = Path.of("..", "docs", "containers.md");
    private static final Duration LIMIT = Duration.ofSeconds(20);

    abstract List<String> command(Place place) throws IOException;

    /** Where it finds its files, listens, and sends requests to. */
    private record Place(Path folder, int port, int... servers) {
        /** A line for each server, with its name and its port. */
        String each(String line) {
            return IntStream.range(0, servers.length)
                    .mapToObj(i -> String.format(line, (char) ('a' + i), servers[i]))
                    .collect(Collectors.joining());
        }

        Path write(String name, String text) throws IOException {
            String placed = text.replace("FOLDER", folder.toString())
                    .replace("PORT", Integer.toString(port))
                    .replace("SERVER", Integer.toString(servers[0]));
            return Files.writeString(folder.resolve(name), placed);
        }
    }

    /** Starts it, for whoever may read the folder, in front of servers (several only for HAProxy) that need not be there; closing ends it. */
    AutoCloseable start(Path folder, int port, int... servers) throws IOException {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command(new Place(folder.toAbsolutePath(), port, servers)))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            Await.until(this + " listens", LIMIT, () -> JavaProcess.listening(port), () -> "nothing");
        } catch (AssertionError e) {
            JavaProcess.kill(process.toHandle());
            throw new IllegalStateException("its output: " + Files.readString(output), e);
        }
        return () -> JavaProcess.stop(process.toHandle(), LIMIT);
    }

    /** What the page shows in this language. */
    private static String documented(String language) throws IOException {
        String page = Files.readString(PAGE);
        String fence = "```" + language + "\n";
        int start = page.indexOf(fence);
        if (start < 0) {
            throw new IllegalStateException(PAGE + " shows nothing in " + language);
        }
        return page.substring(start + fence.length(), page.indexOf("```\n", start + fence.length()));
    }
}
