package dev.tidemark.pipeline.source.files;

import dev.tidemark.pipeline.lineage.DatasetName;
import dev.tidemark.pipeline.source.EventSource;
import dev.tidemark.pipeline.source.InputFile;
import dev.tidemark.pipeline.source.LandingInput;
import dev.tidemark.pipeline.source.PendingEvents;
import dev.tidemark.pipeline.source.SourceProgress;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Usage events from files, as the landing sees them; what has been taken stands in its ledger. */
public final class FilesEventSource implements EventSource {
  private static final Logger LOG = LoggerFactory.getLogger(FilesEventSource.class);

  private final SparkSession spark;
  private final FileSourceSettings settings;

  /** Files found and read as configured. */
  public FilesEventSource(SparkSession spark, FileSourceSettings settings) {
    this.spark = Objects.requireNonNull(spark);
    this.settings = Objects.requireNonNull(settings);
  }

  @Override
  public String name() {
    return "files:" + settings.path();
  }

  @Override
  public DatasetName dataset() {
    return DatasetName.ofPath(settings.path());
  }

  @Override
  public Optional<PendingEvents> pending(SourceProgress progress) {
    FileDiscovery discovery = FileSource.discover(spark, settings, progress.files());
    discovery
        .copies()
        .forEach(copy -> LOG.info("{} is left out: its content has been taken before", copy));
    discovery
        .unsettled()
        .forEach(path -> LOG.warn("{} is left for the next run: it is still being written", path));
    return events(discovery.newFiles(), progress.epoch());
  }

  /**
   * Files that lie where they lay when they were taken; what was moved away cannot be compared. A
   * file that a replay has claimed once more is read once.
   */
  @Override
  public Optional<PendingEvents> landed(SourceProgress progress) {
    Set<ListedFile> listed =
        new HashSet<>(
            FileListing.list(
                ((org.apache.spark.sql.classic.SparkSession) spark).sessionState().newHadoopConf(),
                settings.path()));
    return events(
        progress.files().stream()
            .filter(file -> listed.contains(ListedFile.of(file)))
            .distinct()
            .toList(),
        progress.epoch());
  }

  @Override
  public void publish(SourceProgress progress) {
    // A folder of files has no place for it; the ledger in the lake says all.
  }

  private Optional<PendingEvents> events(List<InputFile> files, long epoch) {
    return files.isEmpty() ? Optional.empty() : Optional.of(new Files(files, epoch));
  }

  private final class Files implements PendingEvents {
    private final List<InputFile> files;
    private final long epoch;

    private Files(List<InputFile> files, long epoch) {
      this.files = List.copyOf(files);
      this.epoch = epoch;
    }

    @Override
    public long epoch() {
      return epoch;
    }

    @Override
    public Dataset<Row> rows() {
      return FileSource.read(spark, settings, files);
    }

    @Override
    public List<LandingInput> claim() {
      return files.stream().<LandingInput>map(LandingInput.File::new).toList();
    }

    @Override
    public void close() {}
  }
}
