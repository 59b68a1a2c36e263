package dev.tidemark.pipeline.source.files;

import dev.tidemark.pipeline.failure.PipelineFailures;
import dev.tidemark.pipeline.source.InputFile;
import dev.tidemark.pipeline.source.RawEvents;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * Usage events from files (EX-10). {@link #discover} says which files are new, {@link #read} makes
 * events of them; between the two stands whoever remembers what was landed.
 *
 * <p>Nothing but the files' metadata comes to the driver.
 */
public final class FileSource {
  private FileSource() {}

  /**
   * Finds the files that were not taken yet.
   *
   * <p>A file that is as it was when it was taken (path, length, modification time) is not opened.
   * Of any other the content's checksum decides: known under whatever path, it is a copy.
   *
   * @param spark its Hadoop configuration finds the file systems, its executors read the files
   * @param alreadyLanded every file that was taken before; copies may be among them, so that they
   *     are not read at each discovery
   * @throws dev.tidemark.pipeline.failure.PipelineException if the path does not exist or storage
   *     cannot be reached, if a file is damaged, or if a file that was taken has changed since
   */
  public static FileDiscovery discover(
      SparkSession spark, FileSourceSettings settings, Collection<InputFile> alreadyLanded) {
    Set<ListedFile> unchanged = new HashSet<>();
    Map<String, Set<String>> checksumsByPath = new HashMap<>();
    Map<String, String> pathByChecksum = new HashMap<>();
    for (InputFile landed : alreadyLanded) {
      unchanged.add(ListedFile.of(landed));
      checksumsByPath
          .computeIfAbsent(landed.path(), path -> new HashSet<>())
          .add(landed.checksum());
      pathByChecksum.merge(
          landed.checksum(), landed.path(), (one, other) -> one.compareTo(other) < 0 ? one : other);
    }

    Configuration configuration = configuration(spark);
    List<ListedFile> listed = FileListing.list(configuration, settings.path());
    List<ListedFile> toProbe = listed.stream().filter(file -> !unchanged.contains(file)).toList();
    List<InputFile> newFiles = new ArrayList<>();
    List<FileCopy> copies = new ArrayList<>();
    List<String> unsettled = new ArrayList<>();
    List<String> empty = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    for (Probe<String> probe : Probe.all(spark, configuration, toProbe, ContentChecksum::of)) {
      String path = probe.file().path();
      if (!(probe instanceof Probe.Found<String> found)) {
        unsettled.add(path);
        continue;
      }
      InputFile file = probe.file().withChecksum(found.value());
      Set<String> known = checksumsByPath.getOrDefault(path, Set.of(file.checksum()));
      if (!known.contains(file.checksum())) {
        changed.add(path);
      } else if (pathByChecksum.containsKey(file.checksum())) {
        copies.add(new FileCopy(file, pathByChecksum.get(file.checksum())));
      } else if (file.checksum().equals(ContentChecksum.EMPTY)) {
        empty.add(path);
      } else {
        pathByChecksum.put(file.checksum(), path);
        newFiles.add(file);
      }
    }
    if (!changed.isEmpty()) {
      throw PipelineFailures.changedFiles(changed);
    }
    return new FileDiscovery(newFiles, copies, unsettled, empty, listed.size() - toProbe.size());
  }

  /**
   * Reads files into the shape that every source hands to the landing.
   *
   * <p>A row that cannot be read, or on which a mapping fails, is there with its {@code
   * read_failure}. Ids that are derived depend on the file's content alone: not on its name, on the
   * files beside it, or on how Spark splits them.
   *
   * @param spark the session that the result belongs to; its settings stay as they are
   * @param files as {@link #discover} found them
   * @return rows of {@link RawEvents#SCHEMA}, read when the caller acts on them
   * @throws dev.tidemark.pipeline.failure.PipelineException if a file was changed since its
   *     discovery or cannot be read, or if a mapping or a reader option cannot be used
   */
  public static Dataset<Row> read(
      SparkSession spark, FileSourceSettings settings, List<InputFile> files) {
    Configuration configuration = configuration(spark);
    List<ListedFile> listed =
        files.stream().map(ListedFile::of).sorted(Comparator.comparing(ListedFile::path)).toList();
    // Spark binds zone and SQL dialect when it analyses, so a session of our own keeps the source's
    // apart from the caller's; the analysed plan then goes back to the caller's session.
    org.apache.spark.sql.classic.SparkSession session = session(spark, settings);
    return inSession(
        session,
        () -> {
          List<SourceRows> sources =
              switch (settings.format()) {
                case CSV -> CsvRows.read(session, configuration, settings, listed);
                case JSON -> JsonRows.read(session, configuration, settings, listed);
                case PARQUET -> ParquetRows.read(session, configuration, settings, listed);
              };
          Dataset<Row> events =
              sources.isEmpty()
                  ? session.createDataFrame(List.of(), RawEvents.SCHEMA)
                  : EventIds.complete(
                      ColumnMapping.of(session, settings, sources),
                      settings.columns().containsKey("event_id")
                          ? Optional.empty()
                          : Optional.of(checksums(session, files)));
          return org.apache.spark.sql.classic.Dataset.ofRows(
              (org.apache.spark.sql.classic.SparkSession) spark,
              ((org.apache.spark.sql.classic.Dataset<Row>) events).queryExecution().analyzed());
        });
  }

  private static Dataset<Row> checksums(SparkSession session, List<InputFile> files) {
    return session.createDataFrame(
        files.stream().map(file -> RowFactory.create(file.path(), file.checksum())).toList(),
        EventIds.CHECKSUMS);
  }

  private static Configuration configuration(SparkSession spark) {
    return ((org.apache.spark.sql.classic.SparkSession) spark).sessionState().newHadoopConf();
  }

  private static org.apache.spark.sql.classic.SparkSession session(
      SparkSession spark, FileSourceSettings settings) {
    org.apache.spark.sql.classic.SparkSession session =
        ((org.apache.spark.sql.classic.SparkSession) spark).newSession();
    session.conf().set("spark.sql.session.timeZone", settings.timeZone().getId());
    session.conf().set("spark.sql.ansi.enabled", "true");
    // Rows differ in case too, and one odd row must not make a name ambiguous for all.
    session.conf().set("spark.sql.caseSensitive", "true");
    session.conf().set("spark.sql.files.ignoreMissingFiles", "false");
    session.conf().set("spark.sql.files.ignoreCorruptFiles", "false");
    return session;
  }

  private static <T> T inSession(
      org.apache.spark.sql.classic.SparkSession session, Supplier<T> work) {
    scala.Option<? extends SparkSession> before =
        org.apache.spark.sql.classic.SparkSession.getActiveSession();
    SparkSession.setActiveSession(session);
    try {
      return work.get();
    } finally {
      if (before.isDefined()) {
        SparkSession.setActiveSession(before.get());
      } else {
        SparkSession.clearActiveSession();
      }
    }
  }
}
