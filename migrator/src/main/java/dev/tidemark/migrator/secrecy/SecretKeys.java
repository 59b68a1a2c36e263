package dev.tidemark.migrator.secrecy;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.settings.Settings;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The keys of an installation: what e-mail addresses are hashed with and what sensitive values are
 * encrypted with. They come from the environment, or from the key file for what the environment
 * does not give.
 *
 * @param emailHash hashes addresses; made of {@code EMAIL_HASH_KEY}
 * @param previousEmailHash what addresses were hashed with before, while the key is being changed;
 *     made of {@code EMAIL_HASH_KEY_PREVIOUS}
 * @param keyset encrypts; made of {@code TIDEMARK_KEYSET}
 */
public record SecretKeys(
    EmailHash emailHash, Optional<EmailHash> previousEmailHash, Keyset keyset) {
  static final String EMAIL_HASH_KEY = "EMAIL_HASH_KEY";
  static final String EMAIL_HASH_KEY_PREVIOUS = "EMAIL_HASH_KEY_PREVIOUS";
  static final String KEYSET = "TIDEMARK_KEYSET";

  private static final int LEAST_KEY_BYTES = 32;
  private static final Pattern HEXADECIMAL = Pattern.compile("([0-9a-fA-F]{2}){32,}");

  /**
   * Reads the keys that the configuration's section {@code secrecy} names.
   *
   * @throws dev.tidemark.migrator.failure.MigratorException if a key is missing, short or broken
   */
  public static SecretKeys of(Config config) {
    Map<String, String> file =
        Settings.optionalText(config, "secrecy.key-file")
            .map(name -> KeyFile.read(Path.of(name)))
            .orElse(Map.of());
    return new SecretKeys(
        emailHash(required(config, "secrecy.email-hash-key", EMAIL_HASH_KEY, file), EMAIL_HASH_KEY),
        optional(config, "secrecy.email-hash-key-previous", EMAIL_HASH_KEY_PREVIOUS, file)
            .map(text -> emailHash(text, EMAIL_HASH_KEY_PREVIOUS)),
        keyset(required(config, "secrecy.keyset", KEYSET, file)));
  }

  /** New keys, as lines for an environment or a key file by the names of the variables: secret. */
  public static Map<String, String> fresh() {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put(EMAIL_HASH_KEY, freshKey());
    lines.put(KEYSET, Keyset.create().serialized());
    lines.put(AuditKeys.AUDIT_KEY, freshKey());
    return lines;
  }

  static String freshKey() {
    byte[] key = new byte[LEAST_KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  /** Names the keys by their ids only. */
  @Override
  public String toString() {
    return emailHash + ", " + keyset;
  }

  static Keyset keyset(String text) {
    try {
      return Keyset.parse(text);
    } catch (GeneralSecurityException | RuntimeException e) {
      // Not as the cause, whose message may quote what it could not parse.
      throw MigratorFailures.badSecretKey(
          KEYSET, "it is no Tink keyset of AES-256-GCM keys, as JSON or as that in base64");
    }
  }

  private static EmailHash emailHash(String text, String name) {
    return new EmailHash(keyBytes(text, name));
  }

  /** At least 32 bytes that look random, of base64 or hexadecimal. */
  static byte[] keyBytes(String text, String name) {
    byte[] key = bytes(text, name);
    if (key.length < LEAST_KEY_BYTES) {
      throw MigratorFailures.badSecretKey(
          name, "it has " + key.length + " bytes; at least " + LEAST_KEY_BYTES + " are needed");
    }
    byte first = key[0];
    byte[] same = new byte[key.length];
    Arrays.fill(same, first);
    if (Arrays.equals(key, same)) {
      throw MigratorFailures.badSecretKey(name, "all its bytes are the same; it is not random");
    }
    return key;
  }

  private static byte[] bytes(String text, String name) {
    if (HEXADECIMAL.matcher(text).matches()) {
      return HexFormat.of().parseHex(text);
    }
    try {
      return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
    } catch (IllegalArgumentException e) {
      throw MigratorFailures.badSecretKey(name, "it is neither base64 nor hexadecimal");
    }
  }

  private static String required(
      Config config, String setting, String name, Map<String, String> file) {
    return optional(config, setting, name, file)
        .orElseThrow(() -> MigratorFailures.missingSecretKey(name));
  }

  static Optional<String> optional(
      Config config, String setting, String name, Map<String, String> file) {
    return Settings.optionalText(config, setting)
        .or(() -> Optional.ofNullable(file.get(name)))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }
}
