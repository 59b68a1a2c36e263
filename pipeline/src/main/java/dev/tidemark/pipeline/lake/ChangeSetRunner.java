package dev.tidemark.pipeline.lake;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.changeset.Statement;
import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.sql.SqlResource;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.SparkSession;

/**
 * Executes the statements of a change set, each once, however often it has to begin again.
 *
 * <p>A statement is one commit of Delta. The commit carries a mark of the attempt and the
 * statement, so that after a kill the table's own log tells what was done.
 */
final class ChangeSetRunner {
  private static final int KEY_BYTES = 16;
  private static final String MARK = "spark.databricks.delta.commitInfo.userMetadata";

  /** By this Delta drops an INSERT, UPDATE, DELETE or MERGE that another program has committed. */
  private static final String ONCE = "spark.databricks.delta.write.txnAppId";

  private static final String ONCE_NUMBER = "spark.databricks.delta.write.txnVersion";

  private static final String TABLE = "delta\\.`\\$\\{lake}/([a-z_0-9]+)`";

  /** Spark takes any folder that is not empty for a table, and then does nothing. */
  private static final Pattern CREATE_TABLE =
      Pattern.compile(
          "CREATE\\s+TABLE\\s+IF\\s+NOT\\s+EXISTS\\s+" + TABLE + ".*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** Spark does nothing to a table that is named by its path, and says nothing. */
  private static final Pattern DROP_TABLE =
      Pattern.compile("DROP\\s+TABLE\\s+IF\\s+EXISTS\\s+" + TABLE, Pattern.CASE_INSENSITIVE);

  /** Delta refuses it for tables without column mapping. */
  private static final Pattern DROP_COLUMNS =
      Pattern.compile(
          "ALTER\\s+TABLE\\s+"
              + TABLE
              + "\\s+DROP\\s+COLUMNS\\s+IF\\s+EXISTS\\s*\\(([a-z_0-9,\\s]+)\\)",
          Pattern.CASE_INSENSITIVE);

  /** What Delta says to a statement of an older program that was killed after it. */
  private static final String CONSTRAINT_IS_THERE = "DELTA_CONSTRAINT_ALREADY_EXISTS";

  private final Lake lake;
  private final Lake marked;

  /**
   * A runner.
   *
   * @param lake on which statements work
   * @param marked whose logs tell which of them were done by a run that was interrupted
   */
  ChangeSetRunner(Lake lake, Lake marked) {
    SparkSession own = ((org.apache.spark.sql.classic.SparkSession) lake.spark()).cloneSession();
    this.lake = lake.with(own);
    this.marked = marked;
  }

  /** Executes a script of this program that belongs to no change set. */
  static void runResource(Lake lake, String file) {
    Script script = Script.of(file, SqlResource.of(ChangeSetRunner.class, file).text());
    for (Statement statement : script.statements()) {
      execute(lake, file, statement, Map.of("lake", lake.path()));
    }
  }

  /**
   * Executes a statement. Whoever is killed before the first commit of a table, or is about to make
   * it, leaves a folder in which there is no table yet: there the table is made like one that the
   * statement makes elsewhere, and of two who do so at once one meets a conflict.
   */
  private static void execute(
      Lake lake, String file, Statement statement, Map<String, String> values) {
    lake.spark().sql(statement.filled(file, values));
    Matcher create = CREATE_TABLE.matcher(statement.text());
    if (create.matches() && !lake.table(create.group(1)).exists()) {
      try (ThrowAwayLake elsewhere = new ThrowAwayLake(lake.spark())) {
        Map<String, String> there = new HashMap<>(values);
        there.put("lake", elsewhere.lake().path());
        lake.spark().sql(statement.filled(file, there));
        lake.table(create.group(1)).makeLike(elsewhere.lake().table(create.group(1)));
      }
    }
  }

  /**
   * Goes through a script.
   *
   * @param attempt names what goes on until the change set is done, over all interruptions
   * @throws dev.tidemark.pipeline.failure.PipelineException if Spark refuses a statement; those
   *     before it stay done
   */
  void run(ChangeSet changeSet, Script script, String attempt) {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    Map<String, String> values =
        Map.of("lake", lake.path(), "identity-key", HexFormat.of().formatHex(key));
    for (Statement statement : script.statements()) {
      String mark = attempt + " " + new Script(script.file(), "", List.of(statement)).checksum();
      Conflicts.retry(
          "change set " + changeSet.name(),
          () -> {
            if (!isDone(changeSet, mark)) {
              execute(changeSet, script, statement, values, mark);
            }
            return Optional.of(true);
          });
    }
  }

  private void execute(
      ChangeSet changeSet,
      Script script,
      Statement statement,
      Map<String, String> values,
      String mark) {
    Matcher drop = DROP_TABLE.matcher(statement.text());
    if (drop.matches()) {
      lake.table(drop.group(1)).drop();
      return;
    }
    drop = DROP_COLUMNS.matcher(statement.text());
    if (drop.matches()) {
      for (String column : drop.group(2).split(",")) {
        lake.table(drop.group(1)).dropColumn(column.strip());
      }
      return;
    }
    lake.spark().conf().set(MARK, mark);
    lake.spark().conf().set(ONCE, mark);
    lake.spark().conf().set(ONCE_NUMBER, 1L);
    try {
      execute(lake, script.file(), statement, values);
    } catch (Exception e) { // Scala throws what it does not declare.
      if (Conflicts.isConflict(e)) {
        throw e;
      }
      if (e instanceof SparkThrowable known && !isThere(known) && !isDone(changeSet, mark)) {
        throw PipelineFailures.changeSetFailed(script.file(), statement.line(), e);
      } else if (!(e instanceof SparkThrowable)) {
        throw e;
      }
    } finally {
      lake.spark().conf().unset(MARK);
      lake.spark().conf().unset(ONCE);
      lake.spark().conf().unset(ONCE_NUMBER);
    }
  }

  private static boolean isThere(SparkThrowable refusal) {
    return CONSTRAINT_IS_THERE.equals(refusal.getCondition());
  }

  private boolean isDone(ChangeSet changeSet, String mark) {
    return changeSet.touchedTables().stream()
        .map(marked::table)
        .anyMatch(table -> table.exists() && table.isMarked(mark));
  }
}
