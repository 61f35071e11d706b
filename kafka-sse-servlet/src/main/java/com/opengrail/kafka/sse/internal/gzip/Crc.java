package com.opengrail.kafka.sse.internal.gzip;

import java.util.zip.CRC32;

/**
 * Combines CRC-32 values of parts into that of the whole, without reading the bytes again. A CRC is a polynomial over
 * GF(2) modulo that of RFC 1952; bit 31 is the coefficient of x^0. To append n bytes, the CRC is multiplied by x^(8n),
 * and the CRC of those bytes is added. {@code crc32_combine_op} of zlib does the same.
 */
final class Crc {
    private static final int POLYNOMIAL = 0xEDB88320;
    private static final int ONE = 1 << 31;

    /** The operators of 1, 2, 4, ... bytes. */
    private static final int[] OPERATORS = operatorsOfPowersOfTwo();

    private Crc() {}

    static int of(byte[] bytes, int from, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /** The operator that makes room in a CRC for a number of bytes. */
    static int operator(int length) {
        int operator = ONE;
        for (int rest = length, i = 0; rest != 0; rest >>>= 1, i++) {
            if ((rest & 1) != 0) {
                operator = multiply(OPERATORS[i], operator);
            }
        }
        return operator;
    }

    /** The CRC of some bytes followed by others, of which the CRC and the {@link #operator} are known. */
    static int append(int crc, int crcOfMore, int operatorOfMore) {
        return multiply(operatorOfMore, crc) ^ crcOfMore;
    }

    /** Without branches that depend on the bits: no processor can predict them. */
    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int bit = 31; bit >= 0; bit--) {
            product ^= shifted & -(a >>> bit & 1);
            shifted = shifted >>> 1 ^ POLYNOMIAL & -(shifted & 1);
        }
        return product;
    }

    private static int[] operatorsOfPowersOfTwo() {
        int[] operators = new int[Integer.SIZE];
        operators[0] = ONE >>> Byte.SIZE;
        for (int i = 1; i < operators.length; i++) {
            operators[i] = multiply(operators[i - 1], operators[i - 1]);
        }
        return operators;
    }
}
