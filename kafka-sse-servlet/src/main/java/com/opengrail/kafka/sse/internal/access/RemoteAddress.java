package com.opengrail.kafka.sse.internal.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The remote address of a request, as containers write it. */
final class RemoteAddress {
    /** With or without brackets and zone. Text that matches is parsed and never looked up in DNS. */
    private static final Pattern IPV6 = Pattern.compile("\\[?([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:%[^]]*)?]?");

    /** An address with a port, as some proxies forward it. Without brackets no IPv6 address has one. */
    private static final Pattern WITH_PORT = Pattern.compile("(\\[.+]|[0-9]+(?:\\.[0-9]+){3}):[0-9]{1,5}");

    private static final int NETWORK_BYTES = 8;

    /** Where the container, or a filter before the servlet, tells no address. */
    private static final String UNKNOWN = "unknown";

    private RemoteAddress() {}

    /**
     * The part of an address that counts as one client. Of IPv6 the first 64 bits: a subscriber gets at least such a
     * network. A port does not count.
     */
    static String networkOf(String given) {
        if (given == null) {
            return UNKNOWN;
        }
        var withPort = WITH_PORT.matcher(given);
        String address = withPort.matches() ? withPort.group(1) : given;
        if (address.indexOf(':') < 0) {
            return address;
        }
        var matcher = IPV6.matcher(address);
        if (!matcher.matches()) {
            return address;
        }
        try {
            InetAddress parsed = InetAddress.getByName(matcher.group(1));
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(parsed.getAddress(), 0, NETWORK_BYTES) + "/64"
                    : parsed.getHostAddress();
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
