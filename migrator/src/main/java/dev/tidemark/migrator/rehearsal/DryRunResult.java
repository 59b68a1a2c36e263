package dev.tidemark.migrator.rehearsal;

import dev.tidemark.migrator.trace.LockMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What an operation would do.
 *
 * @param steps one for each change set, in the order of execution
 */
public record DryRunResult(List<Step> steps) {
  /**
   * One change set.
   *
   * @param version its version
   * @param description its description
   * @param file the script
   * @param statements in order
   */
  public record Step(
      String version, String description, String file, List<StatementRun> statements) {}

  /**
   * One statement.
   *
   * @param number its place in the script, from 1
   * @param line where it begins
   * @param sql as written
   * @param locks the strongest lock on each table, view and index that was there before
   * @param rewritten tables and indexes that it writes anew
   * @param scanned tables that it reads from end to end
   * @param indexesBuilt names of the indexes that it builds
   * @param rows rows that it changes, on the throw-away database
   * @param walBytes bytes of write-ahead log, on the throw-away database
   * @param duration how long it took there
   * @param estimate how long it will take on tables of their real size; the time it keeps its locks
   *     in a transaction is longer
   * @param problem why it was not executed, or not at the first attempt; may be empty
   */
  public record StatementRun(
      int number,
      int line,
      String sql,
      Map<String, LockMode> locks,
      List<String> rewritten,
      List<String> scanned,
      List<String> indexesBuilt,
      long rows,
      long walBytes,
      Duration duration,
      Duration estimate,
      String problem) {}
}
