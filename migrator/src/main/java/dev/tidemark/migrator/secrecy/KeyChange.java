package dev.tidemark.migrator.secrecy;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.settings.Settings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a change of the keys came to.
 *
 * @param file the key file that holds the change now; empty if the keys come from the environment,
 *     which only its owner can change
 * @param lines what to put into the environment, by name: secret; empty if a file holds it
 * @param keyset the keys as they are now
 */
public record KeyChange(Optional<Path> file, Map<String, String> lines, Keyset keyset) {
  /**
   * Makes new keys.
   *
   * @param file where to write them; must not be there yet
   */
  public static KeyChange create(Optional<Path> file) {
    Map<String, String> lines = SecretKeys.fresh();
    file.ifPresent(path -> KeyFile.create(path, lines));
    return new KeyChange(
        file, file.isPresent() ? Map.of() : lines, SecretKeys.keyset(lines.get(SecretKeys.KEYSET)));
  }

  /** Adds a key, which only decrypts until it is promoted: every service can learn it first. */
  public static KeyChange add(Config config) {
    return change(config, Keyset::withNewKey);
  }

  /** Adds a key that encrypts from now on. */
  public static KeyChange addPrimary(Config config) {
    return change(
        config,
        keyset -> {
          Keyset larger = keyset.withNewKey();
          String added =
              larger.keyIds().stream()
                  .filter(id -> !keyset.keyIds().contains(id))
                  .findFirst()
                  .orElseThrow();
          return larger.withPrimary(added);
        });
  }

  /** Lets another key of the keyset encrypt from now on. */
  public static KeyChange promote(Config config, String keyId) {
    return change(
        config,
        keyset -> {
          refuseUnknown(keyset, keyId);
          return keyset.withPrimary(keyId);
        });
  }

  /** Takes a key out of the keyset. What it encrypted cannot be opened any more. */
  public static KeyChange remove(Config config, String keyId) {
    return change(
        config,
        keyset -> {
          refuseUnknown(keyset, keyId);
          if (keyset.primaryKeyId().equals(keyId)) {
            throw MigratorFailures.primaryKeyStays(keyId);
          }
          return keyset.without(keyId);
        });
  }

  private static void refuseUnknown(Keyset keyset, String keyId) {
    if (!keyset.keyIds().contains(keyId)) {
      throw MigratorFailures.unknownKeyId(keyId, String.join(", ", keyset.keyIds()));
    }
  }

  private static KeyChange change(Config config, UnaryOperator<Keyset> change) {
    Keyset changed = change.apply(SecretKeys.of(config).keyset());
    Optional<Path> file =
        Settings.optionalText(config, "secrecy.key-file")
            .map(Path::of)
            .filter(path -> Settings.optionalText(config, "secrecy.keyset").isEmpty());
    if (file.isEmpty()) {
      return new KeyChange(file, Map.of(SecretKeys.KEYSET, changed.serialized()), changed);
    }
    Map<String, String> values = new LinkedHashMap<>(KeyFile.read(file.get()));
    values.put(SecretKeys.KEYSET, changed.serialized());
    KeyFile.replace(file.get(), values);
    return new KeyChange(file, Map.of(), changed);
  }

  @Override
  public String toString() {
    return keyset.toString();
  }
}
