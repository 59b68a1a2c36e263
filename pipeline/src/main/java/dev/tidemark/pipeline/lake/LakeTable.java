package dev.tidemark.pipeline.lake;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.observation.Contention;
import dev.tidemark.pipeline.observation.Figure;
import dev.tidemark.pipeline.window.Micros;
import io.delta.kernel.exceptions.CommitStateUnknownException;
import io.delta.kernel.exceptions.KernelEngineException;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.VersionChecksum;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.CommitInfo;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.delta.actions.RemoveFile;
import org.apache.spark.sql.delta.actions.SetTransaction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One Delta table of the lake: what its log says, and reads and writes that keep to the rules of
 * the four promises. Every call that looks at the log sees its newest version.
 */
public final class LakeTable {
  /** Operations after which rows are gone while transaction ids stay. */
  private static final Set<String> TURNING = Set.of("RESTORE", "TRUNCATE", "CLONE");

  private static final String HORIZON_NAME = "events_horizon";

  /** Property of a table that says from which date on rows are kept. */
  static final String HORIZON = "tidemark." + HORIZON_NAME;

  /** Property of a table that names the run which interrupted its writers last. */
  static final String INTERRUPTED = "tidemark.interrupted-by";

  /** The constraint that keeps earlier rows out. */
  static final String HORIZON_CONSTRAINT = "delta.constraints." + HORIZON_NAME;

  private static final Function<CommitInfo, String> TXN_ID =
      info -> info.txnId().isDefined() ? info.txnId().get() : "";

  /** What appends and MERGEs say of themselves, by Delta's names. */
  private static final Map<String, Figure> FIGURES =
      Map.ofEntries(
          Map.entry("numOutputBytes", Figure.BYTES_WRITTEN),
          Map.entry("numFiles", Figure.FILES_ADDED),
          Map.entry("numTargetRowsInserted", Figure.ROWS_INSERTED),
          Map.entry("numTargetRowsUpdated", Figure.ROWS_UPDATED),
          Map.entry("numTargetRowsDeleted", Figure.ROWS_DELETED),
          Map.entry("numTargetRowsCopied", Figure.ROWS_COPIED),
          Map.entry("numTargetBytesAdded", Figure.BYTES_WRITTEN),
          Map.entry("numTargetFilesAdded", Figure.FILES_ADDED),
          Map.entry("numTargetFilesRemoved", Figure.FILES_REMOVED));

  private final SparkSession spark;
  private final String name;
  private final String path;
  private final Contention contention;

  LakeTable(SparkSession spark, String name, String path, Contention contention) {
    this.spark = Objects.requireNonNull(spark);
    this.name = Objects.requireNonNull(name);
    this.path = Objects.requireNonNull(path);
    this.contention = Objects.requireNonNull(contention);
  }

  /** Who hears of attempts at this table at which another writer was faster. */
  public Contention contention() {
    return contention;
  }

  /** The plain name, such as {@code usage_hourly}. */
  public String name() {
    return name;
  }

  /** The folder or URI under which the table lies. */
  public String path() {
    return path;
  }

  /** The table as SQL names it: {@code delta.`path`}. */
  public String sqlName() {
    return "delta.`" + path.replace("`", "``") + "`";
  }

  /** Whether a Delta table lies here. */
  public boolean exists() {
    return snapshot().version() >= 0;
  }

  /** The newest version. */
  public long version() {
    return snapshot().version();
  }

  /** The identity that Delta gave the table when it was created. */
  public String id() {
    return snapshot().metadata().id();
  }

  /** A table property, or null. */
  public String property(String key) {
    Option<String> value = snapshot().metadata().configuration().get(key);
    return value.isDefined() ? value.get() : null;
  }

  /** The names of the columns, in order. */
  public List<String> columns() {
    return List.of(snapshot().metadata().schema().fieldNames());
  }

  /** What the table is like, apart from its rows. */
  TableShape shape() {
    Metadata metadata = snapshot().metadata();
    LinkedHashMap<String, TableShape.Column> columns = new LinkedHashMap<>();
    for (StructField field : metadata.schema().fields()) {
      columns.put(
          field.name(),
          new TableShape.Column(
              field.dataType().sql() + (field.nullable() ? "" : " NOT NULL"),
              field.getComment().isDefined() ? field.getComment().get() : ""));
    }
    return new TableShape(
        metadata.description() == null ? "" : metadata.description(),
        columns,
        CollectionConverters.asJava(metadata.partitionColumns()),
        new TreeMap<>(CollectionConverters.asJava(metadata.configuration())));
  }

  /** Makes the table like another, without its rows; leaves it alone if it is there. */
  void makeLike(LakeTable original) {
    OptimisticTransaction transaction = log().startTransaction(Option.empty(), Option.empty());
    if (transaction.readVersion() >= 0) {
      return;
    }
    transaction.updateMetadata(original.snapshot().metadata(), false);
    transaction.commit(
        CollectionConverters.asScala(List.<Action>of()).toSeq(),
        DeltaOperations.ManualUpdate$.MODULE$);
  }

  /** Whether a commit that the log still has carries this as its user metadata. */
  boolean isMarked(String mark) {
    Iterator<Tuple2<Object, Seq<Action>>> changes = log().getChanges(0, Option.empty(), false);
    while (changes.hasNext()) {
      Optional<CommitInfo> info = commitInfo(changes.next()._2());
      if (info.isPresent()
          && info.get().userMetadata().isDefined()
          && info.get().userMetadata().get().equals(mark)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes a column away, if it is there. Delta drops none without column mapping, since files keep
   * its values and a new column of that name would show them again; so they are made null first.
   */
  void dropColumn(String column) {
    if (!columns().contains(column)) {
      return;
    }
    if (!read().where(functions.col(column).isNotNull()).isEmpty()) {
      spark.sql("UPDATE %1$s SET %2$s = NULL WHERE %2$s IS NOT NULL".formatted(sqlName(), column));
    }
    OptimisticTransaction transaction = log().startTransaction(Option.empty(), Option.empty());
    Metadata before = transaction.metadata();
    List<StructField> fields = new ArrayList<>(List.of(before.schema().fields()));
    fields.removeIf(field -> field.name().equals(column));
    transaction.updateMetadata(
        with(before, new StructType(fields.toArray(StructField[]::new)), Map.of()), false);
    transaction.commit(
        CollectionConverters.asScala(List.<Action>of()).toSeq(),
        DeltaOperations.ManualUpdate$.MODULE$);
  }

  /** The first date whose rows are kept; all earlier ones are frozen. Empty for none. */
  public Optional<LocalDate> horizon() {
    return Optional.ofNullable(property(HORIZON)).map(LocalDate::parse);
  }

  /**
   * Lets all rows of dates before a horizon go, and none in again, by one commit: whoever writes
   * meanwhile is refused by Delta, and whoever writes later by a constraint of the table.
   *
   * @param column the partition column, a DATE
   * @param horizonAt the horizon for a version of the table; empty to leave it as it is
   * @return how many files went; empty if the horizon stayed
   */
  public OptionalLong retire(String column, LongFunction<Optional<LocalDate>> horizonAt) {
    return Conflicts.retry(
        "letting rows of " + name + " go",
        () -> {
          OptimisticTransaction transaction =
              log().startTransaction(Option.empty(), Option.empty());
          transaction.readWholeTable();
          Optional<LocalDate> horizon = horizonAt.apply(transaction.snapshot().version());
          Optional<LocalDate> held = horizon();
          if (horizon.isEmpty() || held.filter(at -> !horizon.get().isAfter(at)).isPresent()) {
            return Optional.of(OptionalLong.empty());
          }
          List<Action> gone = new ArrayList<>();
          for (AddFile file :
              transaction
                  .snapshot()
                  .allFiles()
                  .where("partitionValues['%s'] < '%s'".formatted(column, horizon.get()))
                  .collectAsList()) {
            gone.add(file.remove());
          }
          Metadata before = transaction.metadata();
          transaction.updateMetadata(
              with(
                  before,
                  before.schema(),
                  Map.of(
                      HORIZON,
                      horizon.get().toString(),
                      HORIZON_CONSTRAINT,
                      "%s >= DATE'%s'".formatted(column, horizon.get()))),
              false);
          transaction.commit(
              CollectionConverters.asScala(gone).toSeq(), DeltaOperations.ManualUpdate$.MODULE$);
          return Optional.of(OptionalLong.of(gone.size()));
        });
  }

  /**
   * Lets every write that is going on begin anew, by a commit that changes a property: Delta
   * refuses what was planned before.
   */
  public void interrupt(String by) {
    Conflicts.retry(
        "interrupting writers of " + name,
        () -> {
          OptimisticTransaction transaction =
              log().startTransaction(Option.empty(), Option.empty());
          Metadata before = transaction.metadata();
          transaction.updateMetadata(with(before, before.schema(), Map.of(INTERRUPTED, by)), false);
          transaction.commit(
              CollectionConverters.asScala(List.<Action>of()).toSeq(),
              DeltaOperations.ManualUpdate$.MODULE$);
          return Optional.of(true);
        });
  }

  /** Whether a write failed since its rows lie before the horizon. */
  public static boolean isBeforeHorizon(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains(HORIZON_NAME)) {
        return true;
      }
    }
    return false;
  }

  private static Metadata with(Metadata before, StructType schema, Map<String, String> more) {
    Map<String, String> properties =
        new TreeMap<>(CollectionConverters.asJava(before.configuration()));
    properties.putAll(more);
    return before.copy(
        before.id(),
        before.name(),
        before.description(),
        before.format(),
        schema.json(),
        before.partitionColumns(),
        scala.collection.immutable.Map.from(CollectionConverters.asScala(properties)),
        before.createdTime());
  }

  /** Takes the table away with all its files; what is left of one that was half gone, too. */
  void drop() {
    try {
      Path folder = new Path(path);
      folder.getFileSystem(classic().sessionState().newHadoopConf()).delete(folder, true);
    } catch (IOException e) {
      throw PipelineFailures.storageUnreachable(path, e);
    } finally {
      DeltaLog.invalidateCache(classic(), new Path(path));
    }
  }

  /** The highest transaction version that an application has committed here. */
  public OptionalLong transactionVersion(String applicationId) {
    Long version = transactions(applicationId).get(applicationId);
    return version == null ? OptionalLong.empty() : OptionalLong.of(version);
  }

  /** The transaction versions of all applications whose id begins so. */
  public Map<String, Long> transactions(String applicationIdPrefix) {
    Snapshot snapshot = snapshot();
    Map<String, Long> versions = new TreeMap<>();
    for (SetTransaction transaction : CollectionConverters.asJava(transactions(snapshot))) {
      if (transaction.appId().startsWith(applicationIdPrefix)) {
        versions.put(transaction.appId(), transaction.version());
      }
    }
    return versions;
  }

  /**
   * The checksum file of a version lists its transactions, if there are not too many; putting the
   * log's state together costs several Spark jobs.
   */
  private static Seq<SetTransaction> transactions(Snapshot snapshot) {
    Option<VersionChecksum> checksum = snapshot.checksumOpt();
    if (checksum.isDefined() && checksum.get().setTransactions().isDefined()) {
      return checksum.get().setTransactions().get();
    }
    return snapshot.setTransactions();
  }

  /**
   * The commit that carries a transaction, looked for in the log itself.
   *
   * @param after the version after which to look
   */
  public OptionalLong commitOf(String applicationId, long transactionVersion, long after) {
    Iterator<Tuple2<Object, Seq<Action>>> changes = changes(after + 1);
    while (changes.hasNext()) {
      Tuple2<Object, Seq<Action>> commit = changes.next();
      for (Action action : CollectionConverters.asJava(commit._2())) {
        if (action instanceof SetTransaction transaction
            && transaction.appId().equals(applicationId)
            && transaction.version() == transactionVersion) {
          return OptionalLong.of((Long) commit._1());
        }
      }
    }
    return OptionalLong.empty();
  }

  /** Rows that a commit says it wrote; 0 where it does not say. */
  public long rowsWritten(long version) {
    return metrics(version).getOrDefault("numOutputRows", 0L);
  }

  /** The numbers among the metrics of a commit, by Delta's names. */
  private Map<String, Long> metrics(long version) {
    Map<String, Long> metrics = new TreeMap<>();
    Optional<CommitInfo> commit = commitInfo(changes(version).next()._2());
    if (commit.isPresent() && commit.get().operationMetrics().isDefined()) {
      CollectionConverters.asJava(commit.get().operationMetrics().get())
          .forEach(
              (name, value) -> {
                if (value.matches("\\d{1,18}")) {
                  metrics.put(name, Long.parseLong(value));
                }
              });
    }
    return metrics;
  }

  /** Rows, bytes and files that an append or a MERGE wrote, as its commit says. */
  public Map<Figure, Long> figures(long version) {
    Map<String, Long> metrics = metrics(version);
    Map<Figure, Long> figures = new EnumMap<>(Figure.class);
    FIGURES.forEach(
        (name, figure) -> {
          if (metrics.containsKey(name)) {
            figures.put(figure, metrics.get(name));
          }
        });
    if (metrics.containsKey("numOutputRows")) {
      // Of a MERGE it counts the rows that were only copied, too.
      figures.putIfAbsent(Figure.ROWS_INSERTED, metrics.get("numOutputRows"));
    }
    return figures;
  }

  /**
   * The dates of all partitions whose data changed after one version and up to another. Files that
   * were only rewritten (compaction) do not count.
   *
   * @param column the partition column, a DATE
   * @throws RuntimeException if the log no longer holds those versions
   */
  public TreeSet<LocalDate> touchedDates(String column, long after, long upTo) {
    TreeSet<LocalDate> dates = new TreeSet<>();
    if (after >= upTo) {
      return dates;
    }
    Iterator<Tuple2<Object, Seq<Action>>> changes = changes(after + 1);
    while (changes.hasNext()) {
      Tuple2<Object, Seq<Action>> commit = changes.next();
      if ((Long) commit._1() > upTo) {
        break;
      }
      for (Action action : CollectionConverters.asJava(commit._2())) {
        if (action instanceof AddFile file && file.dataChange()) {
          dates.add(LocalDate.parse(file.partitionValues().apply(column)));
        } else if (action instanceof RemoveFile file && file.dataChange()) {
          dates.add(LocalDate.parse(file.partitionValues().apply(column)));
        }
      }
    }
    return dates;
  }

  /** The identity of the commit that made a version; empty where the log no longer says. */
  public Optional<String> commitId(long version) {
    Iterator<Tuple2<Object, Seq<Action>>> changes =
        log().getChanges(version, Option.empty(), false);
    if (changes.hasNext()) {
      Tuple2<Object, Seq<Action>> commit = changes.next();
      if ((Long) commit._1() == version) {
        return commitInfo(commit._2()).filter(info -> info.txnId().isDefined()).map(TXN_ID);
      }
    }
    return Optional.empty();
  }

  /**
   * Names the last commit after a version that turned the table back or put another in its place,
   * as far as the log still says; empty for none.
   */
  Optional<String> lastTurn(long after) {
    Optional<String> turn = Optional.empty();
    Iterator<Tuple2<Object, Seq<Action>>> changes =
        log().getChanges(after + 1, Option.empty(), false);
    while (changes.hasNext()) {
      Tuple2<Object, Seq<Action>> commit = changes.next();
      Optional<CommitInfo> info = commitInfo(commit._2());
      if (info.filter(LakeTable::turnsBack).isPresent()) {
        turn = Optional.of(commit._1() + "-" + info.map(TXN_ID).orElse(""));
      }
    }
    return turn;
  }

  private static boolean turnsBack(CommitInfo info) {
    String operation = info.operation();
    Option<String> mode = info.operationParameters().get("mode");
    return TURNING.contains(operation)
        || operation.contains("REPLACE TABLE")
        || mode.isDefined() && mode.get().contains("Overwrite");
  }

  private static Optional<CommitInfo> commitInfo(Seq<Action> commit) {
    for (Action action : CollectionConverters.asJava(commit)) {
      if (action instanceof CommitInfo info) {
        return Optional.of(info);
      }
    }
    return Optional.empty();
  }

  /** When a version was committed, by the clock of who did; empty where the log is gone. */
  public Optional<Instant> committedAt(long version) {
    Iterator<Tuple2<Object, Seq<Action>>> changes =
        log().getChanges(version, Option.empty(), false);
    return changes.hasNext()
        ? commitInfo(changes.next()._2()).map(info -> info.timestamp().toInstant())
        : Optional.empty();
  }

  /**
   * The live files of a partition.
   *
   * @param date the partition; null for a table without partitions
   * @param files how many
   * @param bytes their size
   * @param small how many are small
   */
  public record PartitionFiles(LocalDate date, long files, long bytes, long small) {
    private PartitionFiles plus(PartitionFiles more) {
      return new PartitionFiles(date, files + more.files, bytes + more.bytes, small + more.small);
    }
  }

  /**
   * The live files by partition, in order.
   *
   * @param dateColumn the partition column, a DATE; null for none
   * @param smallBytes a file below is small
   */
  public List<PartitionFiles> files(String dateColumn, long smallBytes) {
    Map<String, PartitionFiles> byDate = new TreeMap<>();
    liveFiles(
        (file, partition) -> {
          String date = dateColumn == null ? null : partition.get(dateColumn);
          byDate.merge(
              String.valueOf(date),
              new PartitionFiles(
                  date == null ? null : LocalDate.parse(date),
                  1,
                  file.getSize(),
                  file.getSize() < smallBytes ? 1 : 0),
              PartitionFiles::plus);
        });
    return List.copyOf(byDate.values());
  }

  /**
   * Whether VACUUM may find something: a file that no newest version needs and that was written
   * before an instant. It looks at the log and a listing in this process; VACUUM itself takes some
   * ten Spark jobs to see that there is nothing.
   */
  public boolean mayHaveDeadFiles(Instant before) {
    Set<String> live = new HashSet<>();
    liveFiles((file, partition) -> live.add(new Path(file.getPath()).toUri().getPath()));
    try {
      Path folder = new Path(path);
      FileSystem storage = folder.getFileSystem(classic().sessionState().newHadoopConf());
      return holdsOther(storage, folder, live, before.toEpochMilli());
    } catch (IOException e) {
      throw PipelineFailures.storageUnreachable(path, e);
    }
  }

  /** VACUUM leaves alone what is hidden, apart from files of the change feed. */
  private static boolean holdsOther(FileSystem storage, Path folder, Set<String> live, long before)
      throws IOException {
    RemoteIterator<FileStatus> entries = storage.listStatusIterator(folder);
    while (entries.hasNext()) {
      FileStatus entry = entries.next();
      String entryName = entry.getPath().getName();
      if (entryName.startsWith(".")
          || entryName.startsWith("_") && !entryName.equals("_change_data")) {
        continue;
      }
      if (entry.isDirectory()
          ? holdsOther(storage, entry.getPath(), live, before)
          : entry.getModificationTime() <= before
              && !live.contains(entry.getPath().toUri().getPath())) {
        return true;
      }
    }
    return false;
  }

  private void liveFiles(SmallTable.LiveFileTaker taker) {
    try {
      small().liveFiles(taker);
    } catch (IOException | KernelEngineException e) {
      throw PipelineFailures.storageUnreachable(path, e);
    }
  }

  /**
   * The highest value of a TIMESTAMP column by the statistics of the live files, to the
   * millisecond; no rows are read. Empty for a table without rows.
   */
  public Optional<Instant> latest(String column) {
    Row latest =
        snapshot()
            .allFiles()
            .toDF()
            .selectExpr(
                "unix_micros(max(to_timestamp(get_json_object(stats, '$.maxValues."
                    + column
                    + "'))))")
            .head();
    return latest.isNullAt(0) ? Optional.empty() : Optional.of(Micros.toInstant(latest.getLong(0)));
  }

  /** Writes a checkpoint of the newest version, where commits have been made since the last. */
  public void checkpoint() {
    Snapshot snapshot = snapshot();
    if (snapshot.checkpointProvider().version() >= snapshot.version()) {
      return;
    }
    boolean constrained =
        CollectionConverters.asJava(snapshot.metadata().configuration()).keySet().stream()
            .anyMatch(key -> key.startsWith("delta.constraints."));
    if (constrained) { // Kernel writes nothing where it cannot check constraints.
      log().checkpoint(snapshot, Option.empty());
      return;
    }
    try {
      small().checkpoint();
    } catch (IOException | KernelEngineException e) {
      throw PipelineFailures.storageUnreachable(path, e);
    }
  }

  /** The newest rows. */
  public Dataset<Row> read() {
    return spark.read().format("delta").load(path);
  }

  /**
   * The newest rows of a small table, each as something else, read in this process without a Spark
   * job.
   *
   * @throws dev.tidemark.pipeline.failure.PipelineException if the storage cannot be read
   */
  public <T> List<T> rows(Function<io.delta.kernel.data.Row, T> mapper) {
    try {
      return small().rows(mapper);
    } catch (IOException | KernelEngineException e) {
      throw PipelineFailures.storageUnreachable(path, e);
    }
  }

  /**
   * Appends a few rows in one commit, in this process without a Spark job.
   *
   * @param rows values in the order of the table's columns; {@link Instant}s for timestamps
   * @throws dev.tidemark.pipeline.failure.PipelineException if the storage cannot be written
   */
  public void appendRows(List<List<Object>> rows) {
    appendRows(rows, null, 0);
  }

  /**
   * The same once: nothing is appended where the application has committed this number or a higher
   * one, whoever is faster.
   */
  public void appendRows(List<List<Object>> rows, String applicationId, long transactionVersion) {
    try {
      small()
          .append(
              rows.stream().map(row -> row.stream().map(LakeTable::stored).toList()).toList(),
              applicationId,
              transactionVersion);
    } catch (CommitStateUnknownException e) {
      // Storage took the commit, perhaps, and its answer was lost: the transaction tells.
      if (applicationId == null || appendedVersion(applicationId).orElse(-1) < transactionVersion) {
        throw PipelineFailures.storageUnreachable(path, (Throwable) e);
      }
    } catch (IOException | KernelEngineException e) {
      throw PipelineFailures.storageUnreachable(path, e);
    }
  }

  /** The highest number that {@link #appendRows} has committed for an application. */
  public OptionalLong appendedVersion(String applicationId) {
    try {
      return small().transactionVersion(applicationId);
    } catch (KernelEngineException e) {
      throw PipelineFailures.storageUnreachable(path, e);
    }
  }

  private static Object stored(Object value) {
    if (value instanceof Instant instant) {
      return Micros.of(instant);
    }
    return value instanceof List<?> longs ? new SmallArray(longs) : value;
  }

  private SmallTable small() {
    return new SmallTable(classic().sessionState().newHadoopConf(), path);
  }

  /** The rows as of a version. */
  public Dataset<Row> readVersion(long version) {
    return spark.read().format("delta").option("versionAsOf", version).load(path);
  }

  /**
   * The changes of rows after one version and up to another, with Delta's {@code _change_type} and
   * {@code _commit_version}.
   */
  public Dataset<Row> changeFeed(long after, long upTo) {
    DataFrameReader reader = spark.read().format("delta").option("readChangeFeed", "true");
    return reader.option("startingVersion", after + 1).option("endingVersion", upTo).load(path);
  }

  /**
   * Appends rows once: a transaction version that the application has already committed is not
   * written again, and Delta says nothing about it. The caller looks for its commit afterwards.
   *
   * @param rows asked for after the transaction has begun: whoever changes the table's metadata
   *     from then on, or rows of it that their plan reads, makes Delta refuse the commit
   */
  public void append(
      Supplier<Dataset<Row>> rows,
      String applicationId,
      long transactionVersion,
      String userMetadata) {
    log()
        .withNewTransaction(
            Option.empty(),
            Option.empty(),
            transaction -> {
              if (transaction.txnVersion(applicationId) < transactionVersion) {
                List<Action> files = written(transaction, rows.get());
                commit(transaction, files, applicationId, transactionVersion, userMetadata);
              }
              return null;
            });
  }

  /**
   * Writes rows into partitions that hold none, by one commit that Delta refuses if another writer
   * puts rows into them meanwhile. A transaction version that the application has already committed
   * is not written again; the caller looks for the commit afterwards.
   *
   * @param partitions SQL over partition columns that names them
   * @param inspection reads what was written before it is committed; where it throws, nothing is
   * @return false where a partition holds rows: nothing was written
   */
  public boolean fill(
      Dataset<Row> rows,
      String partitions,
      String applicationId,
      long transactionVersion,
      Consumer<Dataset<Row>> inspection) {
    OptimisticTransaction transaction = log().startTransaction(Option.empty(), Option.empty());
    if (transaction.txnVersion(applicationId) >= transactionVersion) {
      return true;
    }
    // What has been looked at is what Delta refuses to be overtaken at.
    if (!transaction
        .filterFiles(CollectionConverters.asScala(List.of(parsed(partitions))).toSeq(), false)
        .isEmpty()) {
      return false;
    }
    List<Action> files = written(transaction, rows);
    inspection.accept(read(transaction, files));
    commit(transaction, files, applicationId, transactionVersion, null);
    return true;
  }

  private static List<Action> written(OptimisticTransaction transaction, Dataset<Row> rows) {
    return List.copyOf(CollectionConverters.asJava(transaction.writeFiles(rows)));
  }

  private static void commit(
      OptimisticTransaction transaction,
      List<Action> files,
      String applicationId,
      long transactionVersion,
      String userMetadata) {
    List<Action> actions = new ArrayList<>(files);
    Option<Object> now = Option.apply(System.currentTimeMillis());
    actions.add(SetTransaction.apply(applicationId, transactionVersion, now));
    transaction.commit(
        CollectionConverters.asScala(actions).toSeq(),
        new DeltaOperations.Write(
            SaveMode.Append,
            Option.apply(transaction.metadata().partitionColumns()),
            Option.empty(),
            Option.apply(userMetadata),
            Option.empty(),
            Option.empty(),
            Option.empty(),
            Option.empty(),
            Option.empty()));
  }

  /** The rows of files that a transaction has written and not committed. */
  private Dataset<Row> read(OptimisticTransaction transaction, List<Action> written) {
    List<AddFile> files =
        written.stream().filter(AddFile.class::isInstance).map(AddFile.class::cast).toList();
    return log()
        .createDataFrame(
            transaction.snapshot(),
            CollectionConverters.asScala(files).toSeq(),
            false,
            Option.empty());
  }

  private Expression parsed(String condition) {
    try {
      return classic().sessionState().sqlParser().parseExpression(condition);
    } catch (ParseException e) {
      throw new IllegalArgumentException(condition, e);
    }
  }

  /**
   * Records a transaction version by a commit without rows, and without a Spark job; one that is
   * not higher is ignored.
   */
  public void mark(String applicationId, long transactionVersion) {
    Conflicts.retry(
        "marking " + name,
        contention,
        () -> {
          if (transactionVersion(applicationId).orElse(-1) < transactionVersion) {
            OptimisticTransaction transaction =
                log().startTransaction(Option.empty(), Option.empty());
            // What has been read is what Delta refuses to be overtaken at.
            if (transaction.txnVersion(applicationId) < transactionVersion) {
              Option<Object> now = Option.apply(System.currentTimeMillis());
              Action action = SetTransaction.apply(applicationId, transactionVersion, now);
              transaction.commit(
                  CollectionConverters.asScala(List.of(action)).toSeq(),
                  DeltaOperations.ManualUpdate$.MODULE$);
            }
          }
          return Optional.of(transactionVersion);
        });
  }

  private Iterator<Tuple2<Object, Seq<Action>>> changes(long from) {
    return log().getChanges(from, Option.empty(), true);
  }

  private Snapshot snapshot() {
    return log().update(false, Option.empty(), Option.empty());
  }

  private DeltaLog log() {
    return DeltaLog.forTable(classic(), path);
  }

  private org.apache.spark.sql.classic.SparkSession classic() {
    return (org.apache.spark.sql.classic.SparkSession) spark;
  }
}
