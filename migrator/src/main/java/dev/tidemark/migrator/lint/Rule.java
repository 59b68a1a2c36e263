package dev.tidemark.migrator.lint;

import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One thing to look for.
 *
 * @param id stable name, in kebab-case
 * @param hazard what it protects from
 * @param level how much a hit matters, on a big table if size matters
 * @param sizeMatters whether a hit on a small table is only worth a note
 * @param planned whether a hit is expected in a contract change set, and matters less there
 * @param remedy the safe way to write it
 * @param check finds it in one statement of a trace
 */
record Rule(
    String id,
    Hazard hazard,
    Level level,
    boolean sizeMatters,
    boolean planned,
    String remedy,
    Function<Step, Stream<Hit>> check) {

  /** A rule whose hits matter the same on every table. */
  static Rule of(
      String id, Hazard hazard, Level level, String remedy, Function<Step, Stream<Hit>> check) {
    return new Rule(id, hazard, level, false, false, remedy, check);
  }

  /** The same, but a hit on a small table is only worth a note. */
  Rule onBigTables() {
    return new Rule(id, hazard, level, true, planned, remedy, check);
  }

  /** The same, but a hit in a contract change set matters less. */
  Rule lessInContract() {
    return new Rule(id, hazard, level, sizeMatters, true, remedy, check);
  }
}
