package dev.tidemark.migrator.changeset;

import java.util.List;

/**
 * What has to hold around a script of a change set.
 *
 * @param before asked before its first statement
 * @param after asked after its last
 * @param criticalTables tables whose number of rows is compared
 */
public record Checks(List<Check> before, List<Check> after, List<CriticalTable> criticalTables) {
  /** Nothing is asked. */
  public static final Checks NONE = new Checks(List.of(), List.of(), List.of());

  /**
   * A table whose number of rows must not change but as expected.
   *
   * @param table its name as SQL has it
   * @param rows what the difference has to be
   */
  public record CriticalTable(String table, Expectation rows) {}
}
