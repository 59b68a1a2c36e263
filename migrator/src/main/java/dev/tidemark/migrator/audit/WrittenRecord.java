package dev.tidemark.migrator.audit;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.digest.Sha256;
import dev.tidemark.migrator.failure.MigratorFailures;
import dev.tidemark.migrator.secrecy.AuditKey;
import dev.tidemark.migrator.state.Actor;
import dev.tidemark.migrator.state.OperationKind;
import dev.tidemark.migrator.state.OperationOutcome;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Adds entries to the chain, and each to its head. */
final class WrittenRecord implements AuditRecord {
  private static final String UNIQUE_VIOLATION = "23505";
  private static final int ATTEMPTS = 10;
  private static final int LONGEST_MESSAGE = 2000;

  private final Connection connection;
  private final HeadFile head;
  private final AuditKey key;
  private final UUID operation;
  private final OperationKind kind;
  private final Actor actor;
  private final Optional<String> reason;
  private final Consumer<String> notice;
  private List<ChangeSet> changeSets = List.of();

  WrittenRecord(
      Connection connection,
      HeadFile head,
      AuditKey key,
      UUID operation,
      OperationKind kind,
      Actor actor,
      Optional<String> reason,
      Consumer<String> notice) {
    this.connection = connection;
    this.head = head;
    this.key = key;
    this.operation = operation;
    this.kind = kind;
    this.actor = actor;
    this.reason = reason;
    this.notice = notice;
  }

  @Override
  public void begun(List<ChangeSet> planned) throws SQLException {
    changeSets = List.copyOf(planned);
    writeHead(append(AuditEntry.BEGUN, checksum(), null, null, key));
  }

  @Override
  public void ended(OperationOutcome outcome, Optional<String> message) throws SQLException {
    String words =
        message
            .map(m -> m.length() > LONGEST_MESSAGE ? m.substring(0, LONGEST_MESSAGE) : m)
            .orElse(null);
    AuditEntry entry =
        append(AuditEntry.ENDED, checksum(), outcome.name().toLowerCase(Locale.ROOT), words, key);
    try {
      head.append(HeadLine.of(entry));
    } catch (IOException e) {
      // What is done is done; the next operation writes a head that knows of this one, too.
      notice.accept(
          "The head of the audit chain was not written to %s: %s".formatted(head.path(), e));
    }
  }

  /** The key before lets this operation's key sign from here on. */
  void handOver(AuditKey old) throws SQLException {
    writeHead(append(AuditEntry.KEY, key.id(), null, null, old));
  }

  /** A person takes what stands before for granted. */
  void accepted(String digest) throws SQLException {
    writeHead(append(AuditEntry.ACCEPTED, digest, null, null, key));
  }

  private void writeHead(AuditEntry entry) {
    try {
      head.append(HeadLine.of(entry));
    } catch (IOException e) {
      throw MigratorFailures.badAuditHead(head.path(), "it cannot be written: " + e, e);
    }
  }

  private AuditEntry append(
      String stage, String payload, String outcome, String message, AuditKey signer)
      throws SQLException {
    for (int attempt = 1; ; attempt++) {
      AuditTable.Tail tail = AuditTable.tail(connection);
      AuditEntry entry =
          AuditEntry.signed(
              tail.number() + 1,
              new AuditEntry.Facts(
                  operation.toString(),
                  stage,
                  kind.name().toLowerCase(Locale.ROOT),
                  changeSets.stream().map(ChangeSet::name).collect(Collectors.joining(", ")),
                  payload,
                  reason.orElse(null),
                  outcome,
                  message,
                  tail.now(),
                  actor.name(),
                  tail.role(),
                  actor.host(),
                  Long.toString(actor.process()),
                  version()),
              tail.hash(),
              signer);
      try {
        AuditTable.append(connection, entry);
        return entry;
      } catch (SQLException e) {
        // Somebody who took the lock after its session had ended was faster.
        if (!UNIQUE_VIOLATION.equals(e.getSQLState()) || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private String checksum() {
    if (changeSets.isEmpty()) {
      return null;
    }
    Sha256 sum = new Sha256();
    for (ChangeSet changeSet : changeSets) {
      sum.add(changeSet.name());
      sum.add(changeSet.content().checksum());
    }
    return HexFormat.of().formatHex(sum.finish());
  }

  private static String version() {
    return Optional.ofNullable(WrittenRecord.class.getPackage().getImplementationVersion())
        .orElse("unreleased");
  }
}
