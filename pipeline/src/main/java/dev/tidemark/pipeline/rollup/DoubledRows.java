package dev.tidemark.pipeline.rollup;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.lake.Conflicts;
import dev.tidemark.pipeline.lake.LakeTable;
import dev.tidemark.pipeline.source.RawEvents;
import java.time.YearMonth;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.SparkSession;

/**
 * Rows of a rollup that stand twice: no MERGE of ours makes them, and none can tell them apart, so
 * that somebody has written to the table by hand.
 */
final class DoubledRows {
  private DoubledRows() {}

  /**
   * Deletes the windows in which a row stands twice; they are computed anew afterwards.
   *
   * @param column the windows' column
   * @param windows SQL literals of the windows to look at; empty for none
   */
  static void clear(LakeTable table, SparkSession spark, String column, String windows) {
    if (windows.isEmpty()) {
      return;
    }
    String keys = column + ", " + String.join(", ", RawEvents.DIMENSIONS);
    String doubled =
        spark
            .sql(
                "SELECT DISTINCT %2$s FROM (SELECT %3$s FROM %1$s WHERE %2$s IN (%4$s) GROUP BY %3$s HAVING count(*) > 1)"
                    .formatted(table.sqlName(), column, keys, windows))
            .collectAsList()
            .stream()
            .map(row -> literal(row.get(0)))
            .collect(Collectors.joining(", "));
    if (!doubled.isEmpty()) {
      Conflicts.retry(
          "clearing " + table.name(),
          table.contention(),
          () ->
              Optional.of(
                  spark.sql(
                      "DELETE FROM %s WHERE %s IN (%s)"
                          .formatted(table.sqlName(), column, doubled))));
    }
  }

  private static String literal(Object window) {
    return window instanceof java.sql.Timestamp time
        ? "TIMESTAMP'" + time.toInstant() + "'"
        : "DATE'" + window + "'";
  }

  /** What a MERGE threw; told to the user where rows that stand twice are to blame. */
  static RuntimeException explained(String table, YearMonth month, Exception thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable known
          && known.getCondition() != null
          && known.getCondition().startsWith("DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW")) {
        return PipelineFailures.rowsDoubled(table, month, cause);
      }
    }
    return thrown instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(thrown);
  }
}
