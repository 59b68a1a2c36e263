package dev.tidemark.migrator.secrecy;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.MigratorException;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.settings.Settings;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The keys of the audit chain. They come from the environment, or from the key file for what the
 * environment does not give.
 *
 * @param current signs; made of {@code TIDEMARK_AUDIT_KEY}; empty if nobody gave one
 * @param previous signed earlier; made of {@code TIDEMARK_AUDIT_KEY_PREVIOUS}, where commas stand
 *     between several
 */
public record AuditKeys(Optional<AuditKey> current, List<AuditKey> previous) {
  static final String AUDIT_KEY = "TIDEMARK_AUDIT_KEY";
  private static final String AUDIT_KEY_PREVIOUS = "TIDEMARK_AUDIT_KEY_PREVIOUS";

  /**
   * Reads the keys that the configuration's section {@code secrecy} names.
   *
   * @throws MigratorException if one is short or broken
   */
  public static AuditKeys given(Config config) {
    Map<String, String> file =
        Settings.optionalText(config, "secrecy.key-file")
            .map(name -> KeyFile.read(Path.of(name)))
            .orElse(Map.of());
    return new AuditKeys(
        SecretKeys.optional(config, "secrecy.audit-key", AUDIT_KEY, file)
            .map(text -> key(text, AUDIT_KEY)),
        SecretKeys.optional(config, "secrecy.audit-key-previous", AUDIT_KEY_PREVIOUS, file).stream()
            .flatMap(texts -> Arrays.stream(texts.split(",")))
            .map(text -> key(text.strip(), AUDIT_KEY_PREVIOUS))
            .toList());
  }

  /** These, and a key of a file of its own if there is one and no other was given. */
  public AuditKeys orKeptIn(Path file) {
    if (current.isPresent() || !Files.exists(file)) {
      return this;
    }
    String text = KeyFile.read(file).get(AUDIT_KEY);
    if (text == null) {
      throw MigratorFailures.badKeyFile(file, "it has no " + AUDIT_KEY, null);
    }
    return new AuditKeys(Optional.of(key(text, AUDIT_KEY)), previous);
  }

  /** These with a key; if none was given, that of a file of its own, made if it is not there. */
  public AuditKeys orMadeIn(Path file) {
    if (current.isEmpty() && !Files.exists(file)) {
      make(file);
    }
    return orKeptIn(file);
  }

  /** Every key by which an entry may be signed, the current one first. */
  public List<AuditKey> all() {
    List<AuditKey> all = new ArrayList<>();
    current.ifPresent(all::add);
    all.addAll(previous);
    return all;
  }

  /** The key of that id. */
  public Optional<AuditKey> find(String id) {
    return all().stream().filter(key -> key.id().equals(id)).findFirst();
  }

  /** Whoever comes second finds the first one's file, whole. */
  private static void make(Path file) {
    Path whole = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
    KeyFile.create(whole, Map.of(AUDIT_KEY, SecretKeys.freshKey()));
    try {
      Files.createLink(file, whole);
    } catch (FileAlreadyExistsException e) {
      // Another one was faster.
    } catch (IOException | UnsupportedOperationException e) {
      throw MigratorFailures.badKeyFile(file, "it cannot be written: " + e, e);
    } finally {
      delete(whole);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw MigratorFailures.badKeyFile(file, "it cannot be deleted: " + e, e);
    }
  }

  private static AuditKey key(String text, String name) {
    return new AuditKey(SecretKeys.keyBytes(text, name));
  }
}
