package dev.tidemark.pipeline.runs;

import dev.tidemark.migrator.failure.UserFailure;
import dev.tidemark.pipeline.lake.Lake;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** One run of the pipeline, written to the table {@code job_runs} when it ends. */
public final class JobRun {
  private final Lake lake;
  private final String runId;
  private final String command;
  private final String source;
  private final Instant startedAt = Instant.now();

  /**
   * A run that begins now.
   *
   * @param command as the user gave it, such as {@code rollup}
   * @param source stable name of the source
   */
  public JobRun(Lake lake, String runId, String command, String source) {
    this.lake = Objects.requireNonNull(lake);
    this.runId = Objects.requireNonNull(runId);
    this.command = Objects.requireNonNull(command);
    this.source = Objects.requireNonNull(source);
  }

  /** When it began, by the clock of this machine. */
  public Instant startedAt() {
    return startedAt;
  }

  /**
   * What a run came to; null for what it has no figure for. The components are columns of the
   * table, whose comments say what they mean.
   */
  public record Figures(
      Instant dataAsOf,
      Long landedVersion,
      Long read,
      Long landed,
      Long duplicates,
      Long quarantined,
      Long hours,
      Long days,
      Long rowsChanged,
      Long mismatches) {
    static final Figures NONE =
        new Figures(null, null, null, null, null, null, null, null, null, null);

    /** Of a run that is known by the rows that it changed. */
    public static Figures ofRows(long changed) {
      return new Figures(null, null, null, null, null, null, null, null, changed, null);
    }
  }

  /** Writes that the run did its work; with mismatches, that it found some. */
  public void done(Figures figures) {
    boolean mismatch = figures.mismatches() != null && figures.mismatches() > 0;
    append(mismatch ? "mismatch" : "done", null, figures);
  }

  /** Writes that the run failed; if that cannot be written, the failure itself stays the news. */
  public void failed(RuntimeException failure) {
    String code =
        failure instanceof UserFailure known ? known.code() : failure.getClass().getSimpleName();
    try {
      append("failed", code, Figures.NONE);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void append(String outcome, String failureCode, Figures figures) {
    List<Object> row =
        Arrays.asList(
            runId,
            command,
            source,
            startedAt,
            Instant.now(),
            outcome,
            failureCode,
            figures.dataAsOf(),
            figures.landedVersion(),
            figures.read(),
            figures.landed(),
            figures.duplicates(),
            figures.quarantined(),
            figures.hours(),
            figures.days(),
            figures.rowsChanged(),
            figures.mismatches());
    lake.table("job_runs").appendRows(List.of(row));
  }
}
