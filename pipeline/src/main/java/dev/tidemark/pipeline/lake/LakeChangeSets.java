package dev.tidemark.pipeline.lake;

import dev.tidemark.migrator.changeset.ChangeSet;
import dev.tidemark.migrator.changeset.ChangeSets;
import dev.tidemark.migrator.changeset.Script;
import dev.tidemark.migrator.changeset.Statement;
import dev.tidemark.pipeline.failure.PipelineFailures;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The change sets of a lake: {@code db/analytics}, applied in order, each once.
 *
 * <p>The history is the Delta table {@code change_sets}. Its log carries the newest version as a
 * transaction version, so that a run which has nothing to apply reads no rows.
 */
public final class LakeChangeSets {
  private static final String APPLICATION_ID = "change-sets";
  private static final int KEY_BYTES = 16;

  /**
   * What Delta says of a constraint and of a column that is there: a run was killed after adding
   * it. Neither has an IF NOT EXISTS.
   */
  private static final Set<String> THERE =
      Set.of("DELTA_CONSTRAINT_ALREADY_EXISTS", "FIELD_ALREADY_EXISTS");

  private static final StructType HISTORY =
      new StructType()
          .add("version", DataTypes.LongType, false)
          .add("description", DataTypes.StringType, false)
          .add("checksum", DataTypes.StringType, false)
          .add("applied_at", DataTypes.TimestampType, false);

  private final Lake lake;
  private final List<ChangeSet> changeSets;

  /** The program's change sets, for a lake. */
  public LakeChangeSets(Lake lake) {
    this(lake, ChangeSets.readResources(LakeChangeSets.class.getClassLoader(), "db/analytics"));
  }

  LakeChangeSets(Lake lake, List<ChangeSet> changeSets) {
    this.lake = Objects.requireNonNull(lake);
    this.changeSets = List.copyOf(changeSets);
  }

  /**
   * Applies what the lake lacks; the lake's folder is made if it is not there.
   *
   * @return the names of the change sets that were applied
   * @throws dev.tidemark.pipeline.failure.PipelineException if the folder holds something else, or
   *     a lake of a newer program
   */
  public List<String> apply() {
    long applied = appliedVersion();
    List<ChangeSet> pending = changeSets.stream().filter(set -> number(set) > applied).toList();
    for (ChangeSet changeSet : pending) {
      Conflicts.retry(
          "change set " + changeSet.name(),
          () -> {
            run(changeSet.apply());
            record(changeSet);
            return Optional.of(changeSet);
          });
    }
    return pending.stream().map(ChangeSet::name).toList();
  }

  /**
   * Makes sure that there is a lake which this program can read; changes nothing.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if there is none, or one of a newer
   *     program
   */
  public void requireLake() {
    if (appliedVersion() == 0) {
      throw PipelineFailures.noLake(lake.path());
    }
  }

  /**
   * Makes sure that the lake is there, ours, and not newer than the program.
   *
   * @return the newest applied version; 0 for a lake that is still to be made
   */
  private long appliedVersion() {
    LakeTable history = lake.table("change_sets");
    if (!history.exists()) {
      refuseForeignFolder();
      return 0;
    }
    long newest = history.transactionVersion(APPLICATION_ID).orElse(0);
    long known = changeSets.isEmpty() ? 0 : number(changeSets.get(changeSets.size() - 1));
    if (newest > known) {
      throw PipelineFailures.lakeIsNewer(lake.path(), newest, known);
    }
    return newest;
  }

  private void refuseForeignFolder() {
    try {
      Path folder = new Path(lake.path());
      FileSystem storage =
          folder.getFileSystem(
              ((org.apache.spark.sql.classic.SparkSession) lake.spark())
                  .sessionState()
                  .newHadoopConf());
      if (!storage.exists(folder)) {
        return;
      }
      if (!storage.getFileStatus(folder).isDirectory()) {
        throw PipelineFailures.notOurLake(lake.path(), "it is a file");
      }
      // A first run that was killed leaves tables of ours without a history.
      List<String> strange =
          Arrays.stream(storage.listStatus(folder))
              .map(FileStatus::getPath)
              .map(Path::getName)
              .filter(name -> !isOurs(name))
              .sorted()
              .toList();
      if (!strange.isEmpty()) {
        throw PipelineFailures.notOurLake(
            lake.path(), "it holds " + strange.get(0) + " and no history of lake change sets");
      }
    } catch (IOException e) {
      throw PipelineFailures.storageUnreachable(lake.path(), e);
    }
  }

  private boolean isOurs(String name) {
    return name.equals("change_sets")
        || changeSets.stream().anyMatch(set -> set.touchedTables().contains(name));
  }

  private void run(Script script) {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    Map<String, String> values =
        Map.of("lake", lake.path(), "identity-key", HexFormat.of().formatHex(key));
    for (Statement statement : script.statements()) {
      try {
        lake.spark().sql(statement.filled(script.file(), values));
      } catch (Exception e) {
        if (!(e instanceof SparkThrowable known) || !THERE.contains(known.getCondition())) {
          throw e;
        }
      }
    }
  }

  private void record(ChangeSet changeSet) {
    Row row =
        RowFactory.create(
            number(changeSet),
            changeSet.description(),
            changeSet.apply().checksum(),
            Timestamp.from(Instant.now()));
    Dataset<Row> rows = lake.spark().createDataFrame(List.of(row), HISTORY).coalesce(1);
    lake.table("change_sets").append(rows, APPLICATION_ID, number(changeSet), changeSet.name());
  }

  private static long number(ChangeSet changeSet) {
    return Long.parseLong(changeSet.version());
  }
}
