package com.opengrail.kafka.sse.bench;

import java.nio.file.Path;
import java.util.List;

/** What stands between the clients and a server. */
enum Front {
    /** Nothing: the clients connect to the server. */
    NONE {
        @Override
        String configuration(int port, int server) {
            throw new UnsupportedOperationException("Nothing is started");
        }

        @Override
        List<String> command(Path configuration) {
            throw new UnsupportedOperationException("Nothing is started");
        }
    },

    /** Compresses for each client what the server sends to it plain. */
    NGINX_GZIP {
        @Override
        String configuration(int port, int server) {
            return """
                    daemon off;
                    pid FOLDER/nginx.pid;
                    error_log stderr;
                    worker_processes 2;
                    worker_rlimit_nofile 65536;
                    events { worker_connections 32768; }
                    http {
                      access_log off;
                      gzip on;
                      gzip_types text/event-stream;
                      gzip_proxied any;
                      gzip_min_length 0;
                      client_body_temp_path FOLDER/body;
                      proxy_temp_path FOLDER/proxy;
                      fastcgi_temp_path FOLDER/fastcgi;
                      uwsgi_temp_path FOLDER/uwsgi;
                      scgi_temp_path FOLDER/scgi;
                      server {
                        listen 127.0.0.1:%d backlog=4096;
                        location / {
                          proxy_pass http://127.0.0.1:%d;
                          proxy_http_version 1.1;
                          proxy_set_header Connection "";
                          proxy_set_header Accept-Encoding "";
                          proxy_buffering off;
                          proxy_read_timeout 1h;
                        }
                      }
                    }
                    """.formatted(port, server);
        }

        @Override
        List<String> command(Path configuration) {
            return List.of("/usr/sbin/nginx", "-e", "stderr", "-c", configuration.toString());
        }
    },

    /** Has the clients' part of TLS, a connection for each of them. */
    HTTPS {
        @Override
        String configuration(int port, int server) {
            return HAPROXY.formatted("tcp", port, server, "alpn http/1.1");
        }

        @Override
        List<String> command(Path configuration) {
            return haproxy(configuration);
        }
    },

    /** The same with HTTP/2 in each connection. */
    HTTP_2 {
        @Override
        String configuration(int port, int server) {
            return HAPROXY.formatted("http", port, server, "alpn h2");
        }

        @Override
        List<String> command(Path configuration) {
            return haproxy(configuration);
        }
    };

    /** The mode, the port of the front, that of the server, and what is spoken with it. */
    private static final String HAPROXY = """
            global
              maxconn 9000
              nbthread 2
            defaults
              mode %s
              maxconn 9000
              http-reuse never
              timeout connect 30s
              timeout client 1h
              timeout server 1h
            frontend clients
              bind 127.0.0.1:%d backlog 4096
              default_backend servers
            backend servers
              server one 127.0.0.1:%d ssl verify none %s
            """;

    private static List<String> haproxy(Path configuration) {
        return List.of("/usr/sbin/haproxy", "-db", "-f", configuration.toString());
    }

    /** The text of its configuration file, where FOLDER stands for its folder. */
    abstract String configuration(int port, int server);

    abstract List<String> command(Path configuration);

    /** Whether the server is to speak TLS. */
    boolean isTls() {
        return this == HTTPS || this == HTTP_2;
    }

    /** Whether its processor time is part of what serving costs. */
    boolean isCounted() {
        return this == NGINX_GZIP;
    }
}
