package dev.tidemark.migrator.audit;

import com.typesafe.config.Config;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.secrecy.AuditKey;
import dev.tidemark.migrator.secrecy.AuditKeys;
import dev.tidemark.migrator.settings.Settings;
import dev.tidemark.migrator.state.Actor;
import dev.tidemark.migrator.state.OperationKind;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Keeps the audit chain of databases: its entries in schema {@code tidemark}, its head in a folder
 * of this machine.
 */
public final class AuditTrail {
  private final Supplier<AuditKeys> given;
  private final boolean required;
  private final Path keyFile;
  private final Path folder;

  private AuditTrail(Supplier<AuditKeys> given, boolean required, Path keyFile, Path folder) {
    this.given = given;
    this.required = required;
    this.keyFile = keyFile;
    this.folder = folder;
  }

  /** A trail as the configuration has it. */
  public static AuditTrail of(Config config) {
    Path home = Path.of(Settings.text(config, "home"), "audit");
    return new AuditTrail(
        () -> AuditKeys.given(config),
        Settings.value(
            config, "migrate.audit.required", c -> c.getBoolean("migrate.audit.required")),
        home.resolve("key"),
        Settings.optionalText(config, "migrate.audit.path").map(Path::of).orElse(home));
  }

  /**
   * Gets ready to write about one operation. The tables must be there.
   *
   * @param connection in autocommit mode; nobody else may change anything in the meantime
   * @param notice is told what a person may want to know
   * @throws dev.tidemark.migrator.failure.MigratorException if there is no key where one is
   *     required, or if the chain is not the one that the head knows
   */
  public AuditRecord open(
      Connection connection,
      UUID operation,
      OperationKind kind,
      Actor actor,
      Optional<String> reason,
      Consumer<String> notice)
      throws SQLException {
    AuditKeys keys = keysToSignWith();
    HeadFile head = head(connection);
    refuseContradiction(connection, head);
    WrittenRecord record =
        new WrittenRecord(connection, head, current(keys), operation, kind, actor, reason, notice);
    handOver(connection, record, keys, notice);
    return record;
  }

  /** Judges the chain of a database. Changes nothing. */
  public AuditVerdict verify(Connection connection) throws SQLException {
    // The head first: what is added to the chain meanwhile does no harm.
    HeadFile head = head(connection);
    List<HeadLine> lines = head.read();
    List<AuditEntry> entries = AuditTable.entries(connection);
    AuditKeys keys = given.get();
    if (!required) {
      keys = keys.orKeptIn(keyFile);
    }
    if (!entries.isEmpty() && keys.all().isEmpty()) {
      throw MigratorFailures.auditKeyMissing();
    }
    return new AuditVerdict(
        entries.size(),
        head.path(),
        lines.stream().mapToLong(HeadLine::number).max().orElse(0),
        AuditChain.judge(entries, lines, keys));
  }

  /**
   * Takes the chain as it is for granted, in an entry that holds a fingerprint of all before it.
   *
   * @param reason in a person's words
   */
  public void accept(Connection connection, UUID operation, Actor actor, String reason)
      throws SQLException {
    if (verify(connection).intact()) {
      throw MigratorFailures.nothingToAccept();
    }
    new WrittenRecord(
            connection,
            head(connection),
            current(keysToSignWith()),
            operation,
            OperationKind.ACCEPT_AUDIT,
            actor,
            Optional.of(reason),
            line -> {})
        .accepted(AuditChain.digestOf(AuditTable.entries(connection)));
  }

  private AuditKeys keysToSignWith() {
    AuditKeys keys = required ? given.get() : given.get().orMadeIn(keyFile);
    if (keys.current().isEmpty()) {
      throw MigratorFailures.auditKeyMissing();
    }
    return keys;
  }

  private static AuditKey current(AuditKeys keys) {
    return keys.current().orElseThrow();
  }

  private HeadFile head(Connection connection) throws SQLException {
    return new HeadFile(folder.resolve(AuditTable.identity(connection) + ".head"));
  }

  private static void refuseContradiction(Connection connection, HeadFile head)
      throws SQLException {
    List<HeadLine> lines = head.read();
    if (lines.isEmpty()) {
      return;
    }
    HeadLine last = lines.get(lines.size() - 1);
    Optional<String> hash = AuditTable.hash(connection, last.number());
    if (!hash.equals(Optional.of(last.hash()))) {
      throw MigratorFailures.auditContradicted(
          last.number(), hash.isEmpty() ? "is not there" : "is another one", head.path());
    }
  }

  private void handOver(
      Connection connection, WrittenRecord record, AuditKeys keys, Consumer<String> notice)
      throws SQLException {
    Optional<String> last = AuditTable.tail(connection).keyId();
    if (last.isEmpty() || last.get().equals(current(keys).id())) {
      return;
    }
    Optional<AuditKey> old = keys.find(last.get());
    if (old.isPresent()) {
      record.handOver(old.get());
    } else if (required) {
      throw MigratorFailures.auditKeyUnknown(last.get());
    } else {
      notice.accept(
          "The audit chain was signed with key %s up to now, which is not here: see docs/runbooks/audit.md"
              .formatted(last.get()));
    }
  }
}
