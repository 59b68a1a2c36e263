package dev.tidemark.pipeline.lake;

import io.delta.kernel.data.Row;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * What became of a lake's change sets: the Delta table {@code change_sets}, to which each attempt
 * adds a row before its first statement and one after its last.
 *
 * <p>Rows are numbered. A number is taken by the commit that carries it as transaction version, so
 * that of two programs that begin at once one has to look again.
 */
final class ChangeSetHistory {
  private static final String APPLICATION_ID = "change-set-operations";
  private static final String TABLE = "change_sets";

  private final Lake lake;
  private final LakeTable table;
  private final String actor;

  /**
   * The history of a lake.
   *
   * @param actor who is behind what is added to it
   */
  ChangeSetHistory(Lake lake, String actor) {
    this.lake = lake;
    this.table = lake.table(TABLE);
    this.actor = actor;
  }

  boolean exists() {
    return table.exists();
  }

  /** Makes the table, or gives one of an older program the columns of today. */
  void prepare() {
    Conflicts.retry(
        "preparing " + TABLE,
        () -> {
          if (!table.exists()) {
            ChangeSetRunner.runResource(lake, "make-history.sql");
          } else if (!table.columns().contains("sequence")) {
            ChangeSetRunner.runResource(lake, "upgrade-history.sql");
          }
          return Optional.of(true);
        });
  }

  /** All operations in order. */
  List<LakeOperation> read() {
    if (!table.exists()) {
      return List.of();
    }
    List<LakeOperation> operations = new ArrayList<>(table.rows(ChangeSetHistory::operation));
    operations.sort(
        Comparator.comparingLong(LakeOperation::sequence)
            .thenComparingLong(LakeOperation::version));
    return operations;
  }

  /**
   * Notes that work at a change set begins.
   *
   * @param operation of this version, as yet without number
   * @param isDone whether the operations so far leave nothing to do
   * @return with its number; empty if there is nothing to do, since another program was faster
   */
  Optional<LakeOperation> begin(LakeOperation operation, Predicate<List<LakeOperation>> isDone) {
    return Conflicts.retry("change set " + operation.version(), () -> append(operation, isDone));
  }

  /** Notes how the work ended. */
  void end(LakeOperation begun, Optional<RuntimeException> failure) {
    begin(begun.ended(failure, Instant.now()), operations -> false);
  }

  private Optional<Optional<LakeOperation>> append(
      LakeOperation operation, Predicate<List<LakeOperation>> isDone) {
    List<LakeOperation> operations = read();
    if (isDone.test(operations)) {
      return Optional.of(Optional.empty());
    }
    long next = operations.stream().mapToLong(LakeOperation::sequence).max().orElse(0) + 1;
    LakeOperation row = operation.numbered(next, UUID.randomUUID().toString());
    table.appendRows(List.of(row(row)), APPLICATION_ID, next);
    return read().stream().anyMatch(each -> each.rowId().equals(row.rowId()))
        ? Optional.of(Optional.of(row))
        : Optional.empty();
  }

  /** An operation that begins here and now. */
  LakeOperation here(
      LakeOperation.Kind kind, long version, String description, String checksum, String reason) {
    return new LakeOperation(
        0,
        "",
        kind,
        version,
        description,
        checksum,
        LakeOperation.Outcome.BEGUN,
        actor,
        hostName(),
        ProcessHandle.current().pid(),
        Instant.now(),
        Optional.empty(),
        Optional.empty(),
        Optional.ofNullable(reason));
  }

  static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  /** In the order of the table's columns. */
  private static List<Object> row(LakeOperation operation) {
    return Arrays.asList(
        operation.version(),
        operation.description(),
        operation.checksum(),
        operation.at(),
        operation.sequence(),
        operation.rowId(),
        operation.kind().word(),
        operation.outcome().word(),
        operation.actor(),
        operation.host(),
        operation.process(),
        operation.duration().map(Duration::toMillis).orElse(null),
        operation.failure().orElse(null),
        operation.reason().orElse(null));
  }

  /** A row that an older program wrote says that the change set was applied, and no more. */
  private static LakeOperation operation(Row row) {
    Reader read = new Reader(row);
    boolean old = read.isNull("sequence");
    return new LakeOperation(
        old ? 0 : read.number("sequence"),
        old ? "" : read.text("row_id"),
        old ? LakeOperation.Kind.APPLY : LakeOperation.Kind.of(read.text("operation")),
        read.number("version"),
        read.text("description"),
        read.text("checksum"),
        old ? LakeOperation.Outcome.DONE : LakeOperation.Outcome.of(read.text("outcome")),
        old ? "" : read.text("done_by"),
        old ? "" : read.text("host"),
        old ? 0 : read.number("process"),
        Instant.EPOCH.plus(Duration.ofNanos(Math.multiplyExact(read.number("applied_at"), 1_000L))),
        read.isNull("duration_ms")
            ? Optional.empty()
            : Optional.of(Duration.ofMillis(read.number("duration_ms"))),
        read.optional("failure"),
        read.optional("reason"));
  }

  /** A row by the names of its columns; a table of an older program lacks some. */
  private record Reader(Row row) {
    boolean isNull(String column) {
      int place = row.getSchema().indexOf(column);
      return place < 0 || row.isNullAt(place);
    }

    long number(String column) {
      return row.getLong(row.getSchema().indexOf(column));
    }

    String text(String column) {
      return row.getString(row.getSchema().indexOf(column));
    }

    Optional<String> optional(String column) {
      return isNull(column) ? Optional.empty() : Optional.of(text(column));
    }
  }
}
