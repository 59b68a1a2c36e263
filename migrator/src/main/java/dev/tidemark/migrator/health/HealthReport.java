package dev.tidemark.migrator.health;

import dev.tidemark.migrator.operation.StatusResult;
import dev.tidemark.migrator.operation.StatusResult.Entry;
import dev.tidemark.migrator.operation.StatusResult.State;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a database was when it was looked at.
 *
 * @param checkedAt when it was looked at
 * @param unreachable why the database does not answer; empty if it does
 * @param status where its change sets stand; empty if it does not answer
 * @param lastMigrationAt when a change set was last applied or rolled back; empty if none ever was,
 *     or if it does not answer
 * @param drift whether the schema is what its change sets make
 */
public record HealthReport(
    Instant checkedAt,
    Optional<String> unreachable,
    Optional<StatusResult> status,
    Optional<Instant> lastMigrationAt,
    DriftReport drift) {
  private static final Set<State> FAILED = EnumSet.of(State.FAILED);
  private static final Set<State> DIFFERENT = EnumSet.of(State.EDITED, State.UNKNOWN, State.LATE);

  static HealthReport unreachable(Instant checkedAt, String reason) {
    return new HealthReport(
        checkedAt,
        Optional.of(reason),
        Optional.empty(),
        Optional.empty(),
        DriftReport.unknown("the database does not answer"));
  }

  /** Why the schema is not to be relied on; empty if the database is ready. */
  public Optional<String> notReady() {
    return unreachable.or(
        () ->
            failed().stream()
                .findFirst()
                .map(entry -> "change set " + entry.version() + " failed"));
  }

  /** The change sets that failed or stopped part-way. */
  public List<Entry> failed() {
    return in(FAILED);
  }

  /** The change sets that are not as this program knows them: edited, unknown or late. */
  public List<Entry> different() {
    return in(DIFFERENT);
  }

  /** How many change sets are to be applied. */
  public int pending() {
    return in(EnumSet.of(State.PENDING)).size();
  }

  List<Entry> in(Set<State> states) {
    return status.stream()
        .flatMap(known -> known.entries().stream())
        .filter(entry -> states.contains(entry.state()))
        .toList();
  }
}
