package dev.tidemark.migrator.datastep;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How far a data step has come.
 *
 * @param changeSet its change set's version
 * @param number its place among the data steps of the change set, from 1
 * @param name its name
 * @param checksum SHA-256 of what it does
 * @param position the greatest key that was walked; empty before the first batch
 * @param batches batches committed
 * @param rowsWalked keys that these batches spanned
 * @param rowsChanged rows that their statements changed
 * @param rowsExpected keys in the table, as the planner estimated when the step began
 * @param batchSize keys that the last batch was to have
 * @param slowedBy what slowed it down last, in words
 * @param finished whether it has walked the whole table
 */
public record DataStepProgress(
    String changeSet,
    int number,
    String name,
    String checksum,
    Optional<String> position,
    long batches,
    long rowsWalked,
    long rowsChanged,
    long rowsExpected,
    long batchSize,
    Optional<String> slowedBy,
    boolean finished) {
  /** How much of the table was walked, 0 to 99, and 100 at the end; empty if nobody can tell. */
  public OptionalInt percent() {
    if (finished) {
      return OptionalInt.of(100);
    }
    return rowsExpected <= 0
        ? OptionalInt.empty()
        : OptionalInt.of((int) Math.min(99, 100 * rowsWalked / rowsExpected));
  }

  /** For people, such as "data step fill_region: 40 % (812,000 of about 2,000,000 rows)". */
  public String words() {
    if (finished) {
      return String.format(Locale.ROOT, "data step %s: done (%,d rows)", name, rowsWalked);
    }
    return percent().isEmpty()
        ? String.format(Locale.ROOT, "data step %s: %,d rows", name, rowsWalked)
        : String.format(
            Locale.ROOT,
            "data step %s: %d %% (%,d of about %,d rows)",
            name,
            percent().getAsInt(),
            rowsWalked,
            rowsExpected);
  }
}
