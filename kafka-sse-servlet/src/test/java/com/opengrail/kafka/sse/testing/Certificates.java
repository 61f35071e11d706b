package com.opengrail.kafka.sse.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority of a test's own, and key stores with the certificates that it has issued. */
public final class Certificates {
    public static final String PASSWORD = "changeit";

    private static final long LIMIT_SECONDS = 60;

    private final Path folder;

    private Certificates(Path folder) {
        this.folder = folder;
    }

    /** Makes an authority. */
    public static Certificates in(Path folder) {
        Certificates made = new Certificates(folder);
        made.generate("authority", "authority", "-ext", "bc:c");
        Path certificate = folder.resolve("authority.pem");
        made.keytool("-exportcert", "-keystore", made.all(), "-alias", "authority", "-file", certificate.toString());
        made.keytool(
                "-importcert",
                "-noprompt",
                "-keystore",
                made.authority().toString(),
                "-alias",
                "authority",
                "-file",
                certificate.toString());
        return made;
    }

    /** A trust store with the authority. */
    public Path authority() {
        return folder.resolve("authority.p12");
    }

    /** What a client needs to trust the authority. */
    public SSLContext trusting() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(authority().toFile(), PASSWORD.toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Issues a certificate for 127.0.0.1 and localhost; returns a key store with it. */
    public Path issue(String alias, String commonName) {
        generate(alias, commonName, "-ext", "san=ip:127.0.0.1,dns:localhost", "-signer", "authority");
        Path store = folder.resolve(alias + ".p12");
        keytool(
                "-importkeystore",
                "-noprompt",
                "-srckeystore",
                all(),
                "-srcstorepass",
                PASSWORD,
                "-srcalias",
                alias,
                "-destkeystore",
                store.toString());
        return store;
    }

    private void generate(String alias, String commonName, String... extra) {
        List<String> arguments = new ArrayList<>(List.of(
                "-genkeypair",
                "-keystore",
                all(),
                "-alias",
                alias,
                "-dname",
                "CN=" + commonName,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1"));
        arguments.addAll(List.of(extra));
        keytool(arguments.toArray(String[]::new));
    }

    private String all() {
        return folder.resolve("all.p12").toString();
    }

    private void keytool(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of(arguments[0].equals("-importkeystore") ? "-deststorepass" : "-storepass", PASSWORD));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(command + " failed: " + said);
            }
        } catch (IOException e) {
            throw new IllegalStateException(command + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + command, e);
        }
    }
}
