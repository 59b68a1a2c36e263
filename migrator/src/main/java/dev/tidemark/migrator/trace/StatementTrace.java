package dev.tidemark.migrator.trace;

import dev.tidemark.migrator.changeset.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one statement did.
 *
 * @param statement the statement
 * @param number its place in the script, from 1
 * @param outcome how it ended
 * @param explanation what Postgres said where it did not end well
 * @param before the catalogue before it
 * @param after the catalogue after it
 * @param held locks that earlier statements of the same transaction hold
 * @param taken locks that it took itself
 * @param activity what it did to the rows of tables, by the tables' identifiers
 * @param rowsBefore rows in each table before the script; made up ones included
 * @param emptied tables that had rows before it and have none after it
 * @param notices what Postgres said without failing
 * @param rows rows that it reports as changed
 * @param duration how long it took
 * @param walBytes bytes of write-ahead log
 */
public record StatementTrace(
    Statement statement,
    int number,
    Outcome outcome,
    String explanation,
    Snapshot before,
    Snapshot after,
    List<TableLock> held,
    List<TableLock> taken,
    Map<Long, Activity> activity,
    Map<Long, Long> rowsBefore,
    Set<Long> emptied,
    List<Notice> notices,
    long rows,
    Duration duration,
    long walBytes) {

  /** How a statement ended. */
  public enum Outcome {
    /** Done. */
    DONE,
    /** Done on empty tables; the made-up rows of an earlier attempt were in its way. */
    FAILED_ON_ROWS,
    /** Postgres refuses it inside the change set's transaction. */
    REFUSED_IN_TRANSACTION,
    /** It uses an enum's value that was added in the same transaction. */
    USES_NEW_ENUM_VALUE,
    /** Not executed: it begins or ends a transaction, which is the runner's affair. */
    TRANSACTION_CONTROL,
    /** Not executed: it would reach beyond the database. */
    BEYOND_THE_DATABASE
  }

  /**
   * What Postgres said without failing.
   *
   * @param state its SQLSTATE
   * @param message its text
   */
  public record Notice(String state, String message) {}

  /** The strongest lock that it took on a relation. */
  public Optional<LockMode> lock(long relation) {
    return strongest(taken, relation);
  }

  /** The strongest lock that earlier statements of its transaction hold on a relation. */
  public Optional<LockMode> heldLock(long relation) {
    return strongest(held, relation);
  }

  /** What it did to the rows of a table. */
  public Activity activity(long table) {
    return activity.getOrDefault(table, Activity.NONE);
  }

  /** Whether a relation that was there before has new files: it was written anew. */
  public boolean rewrote(long relation) {
    Optional<CatalogueObject> old = before.relation(relation);
    Optional<CatalogueObject> now = after.relation(relation);
    return old.isPresent()
        && now.isPresent()
        && old.get().attribute("file").isPresent()
        && !old.get().attribute("file").equals(now.get().attribute("file"));
  }

  private static Optional<LockMode> strongest(List<TableLock> locks, long relation) {
    return locks.stream()
        .filter(lock -> lock.relation() == relation)
        .map(TableLock::mode)
        .max(Comparator.naturalOrder());
  }
}
