package com.opengrail.kafka.sse.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.URLEncoder;
import java.util.List;

/** What a stranger sends. Each attack stands for a kind that holds up others where nothing bounds it. */
enum Attack {
    /** Filters as expensive as a request may have, over all that is kept. */
    EXPRESSIONS(Manner.FOLLOWS) {
        @Override
        String request(int number, Topics topics) {
            return get("?offset=earliest&event=" + expensive(number), "");
        }
    },

    /** The same where every event has another name of 200 characters, so that no answer can be remembered. */
    NAMES(Manner.FOLLOWS) {
        @Override
        String request(int number, Topics topics) {
            return get("?event=" + expensive(number), "");
        }
    },

    /** Starts that have to be looked up, by clients that do not wait. */
    RESETS(Manner.LEAVES) {
        @Override
        String request(int number, Topics topics) {
            return get("?since=" + (1 + number), "");
        }
    },

    /** Replays of large records, each with a filter of its own, that nobody reads. */
    UNREAD(Manner.STARES) {
        @Override
        String request(int number, Topics topics) {
            return get("/" + topics.large() + "?offset=earliest&event=.%2B,u" + number, "");
        }
    },

    /** Replays of large records that are read as fast as they come. Half of them are filtered. */
    READ(Manner.FOLLOWS) {
        @Override
        String request(int number, Topics topics) {
            return get("/" + topics.large() + "?offset=earliest" + (number % 2 == 0 ? "" : "&event=k1"), "");
        }
    },

    /** All combinations of the topics that are allowed. */
    COMBINATIONS(Manner.FOLLOWS) {
        @Override
        String request(int number, Topics topics) {
            StringBuilder path = new StringBuilder("/").append(topics.large());
            for (int i = 0; i < topics.small().size(); i++) {
                path.append((number >> i & 1) == 0 ? "" : "," + topics.small().get(i));
            }
            return get(path.toString(), "");
        }
    },

    /** Requests that never end. */
    HALF_OPEN(Manner.FOLLOWS) {
        @Override
        String request(int number, Topics topics) {
            return "GET /kafka-sse HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
        }
    },

    /** Many thousands who follow a topic to which nothing is written. */
    CROWD(Manner.STAYS) {
        @Override
        String request(int number, Topics topics) {
            return get("/" + topics.small().get(0), "");
        }
    },

    /** A foreign page that makes its visitors' browsers come. */
    CROSS_SITE(Manner.FOLLOWS) {
        @Override
        String request(int number, Topics topics) {
            return get("?offset=earliest", "Sec-Fetch-Site: cross-site\r\nOrigin: https://elsewhere.example\r\n");
        }
    },

    HEAD(Manner.FOLLOWS) {
        @Override
        String request(int number, Topics topics) {
            return get("/" + topics.small().get(number % topics.small().size()), "")
                    .replaceFirst("GET", "HEAD");
        }
    },

    PREFLIGHT(Manner.FOLLOWS) {
        @Override
        String request(int number, Topics topics) {
            return get("", "Origin: https://elsewhere.example\r\nAccess-Control-Request-Method: GET\r\n")
                    .replaceFirst("GET", "OPTIONS");
        }
    },

    /** Positions that nobody was ever told: far ahead, far behind, and of another layout. */
    FORGED_IDS(Manner.FOLLOWS) {
        @Override
        String request(int number, Topics topics) {
            String forged = List.of("9".repeat(1 + number % 18), "0", "2." + number + ".AAAA", "[" + number + "]")
                    .get(number % 4);
            return get("", "Last-Event-ID: " + forged + "\r\n");
        }
    },

    LONG_IDS(Manner.FOLLOWS) {
        @Override
        String request(int number, Topics topics) {
            return get("", "Last-Event-ID: " + number + ".".repeat(4000) + "\r\n");
        }
    };

    /** Topics of the server besides that of the honest clients. */
    record Topics(String large, List<String> small) {}

    /** How often a stranger comes, and what becomes of his connections. */
    enum Manner {
        FOLLOWS(100, 200),
        LEAVES(100, 5),
        STARES(100, 1000),
        STAYS(1000, 10_000);

        final int perSecond;

        /** The most at a time. */
        final int connections;

        Manner(int perSecond, int connections) {
            this.perSecond = perSecond;
            this.connections = connections;
        }
    }

    /** Close to the limit for the expressions of one request. */
    private static final List<String> EXPENSIVE = List.of(
            "(.?){38}.?.?!", "((a|.)*(b|.)*(c|.)*(d|.)*(e|.)*(f|.)*){4}!", "(.*[a-z0-9-]){32}!", "(\\pL?|.?){20}!");

    final Manner manner;

    Attack(Manner manner) {
        this.manner = manner;
    }

    /** The bytes of the stranger's request of a number. */
    abstract String request(int number, Topics topics);

    final byte[] bytes(int number, Topics topics) {
        return request(number, topics).getBytes(US_ASCII);
    }

    private static String get(String target, String headers) {
        return "GET /kafka-sse" + target + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + headers
                + "\r\n";
    }

    /** One of the shapes, made different by a name that does not exist, so that no two strangers share what they cost. */
    private static String expensive(int number) {
        return URLEncoder.encode(EXPENSIVE.get(number % EXPENSIVE.size()), US_ASCII) + ",u" + number;
    }
}
